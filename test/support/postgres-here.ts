import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { until } from "./process-alive.js";
import { removeFolder } from "./remove-folder.js";

/** Where a server's programs are: Debian keeps them beside each other by version, others in the path. */
function programs(): string | undefined {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(debian, version, "bin")),
    ...(process.env.PATH ?? "").split(":"),
  ];
  return folders.find((folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres")));
}

/** A server refuses to run as root. */
const user = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

/** Why tests of PostgreSQL are left out here; undefined where they are not. */
export const withoutPostgres =
  programs() === undefined ? "no PostgreSQL server is installed here" : undefined;
if (withoutPostgres) console.warn(`the tests of the store on PostgreSQL are left out: ${withoutPostgres}`);

/** A PostgreSQL server of its own in a temporary folder, behind a Unix socket. It forces nothing to the disk: no test cuts the power. */
export class PostgresHere {
  /** Where its socket is. */
  readonly folder = mkdtempSync(join(tmpdir(), "tapback-pg-"));
  #child: ChildProcess | undefined;
  #schemas = 0;

  /** Makes the server's folder and starts it. */
  async start(): Promise<this> {
    const { uid, gid } = user;
    chmodSync(this.folder, 0o700);
    if (uid !== undefined) chownSync(this.folder, uid, gid);
    const data = join(this.folder, "data");
    const made = ["-D", data, "-A", "trust", "-U", "tapback", "-E", "UTF8", "--locale=C", "--no-sync"];
    execFileSync(join(programs()!, "initdb"), made, { ...user, cwd: this.folder, stdio: "ignore" });
    await this.run();
    return this;
  }

  /** Starts the server, again after {@link stop}. */
  async run(): Promise<void> {
    const settings = {
      listen_addresses: "",
      unix_socket_directories: this.folder,
      max_connections: "100",
      fsync: "off",
      full_page_writes: "off",
    };
    const args = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    this.#child = spawn(join(programs()!, "postgres"), ["-D", join(this.folder, "data"), ...args], {
      ...user,
      cwd: this.folder,
      stdio: "ignore",
    });
    process.once("exit", this.#kill);
    await until("the server takes connections", () =>
      this.ask("SELECT 1").then(
        () => true,
        () => false,
      ),
    );
  }

  /** Ends the server. @param how `now`: as if it had died, without a word to its clients */
  async stop(how: "in order" | "now" = "in order"): Promise<void> {
    const child = this.#child;
    if (!child) return;
    this.#child = undefined;
    process.off("exit", this.#kill);
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill(how === "now" ? "SIGQUIT" : "SIGINT");
    await gone;
  }

  /** Ends the server and removes its folder. */
  async remove(): Promise<void> {
    await this.stop();
    await removeFolder(this.folder);
  }

  /** The address of a state. @param schema default: an empty one @param way folder of the socket, where it is not the server's own */
  url(schema = `state${++this.#schemas}`, way = this.folder): string {
    return `postgres:///postgres?host=${encodeURIComponent(way)}&user=tapback&schema=${schema}`;
  }

  /** Asks the server itself. */
  async ask(text: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ host: this.folder, user: "tapback", database: "postgres" });
    client.on("error", () => {});
    await client.connect();
    try {
      return (await client.query(text)).rows;
    } finally {
      await client.end();
    }
  }

  readonly #kill = () => void this.#child?.kill("SIGQUIT");
}
