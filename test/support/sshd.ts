import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { until } from "../faults/harness/wait.js";
import { Line } from "./line.js";
import { removeFolder } from "./remove-folder.js";

/** sshd insists on being started by its whole path. */
const program = ["/usr/sbin/sshd", "/usr/local/sbin/sshd"].find((path) => existsSync(path));

/** Why tests over a real sshd cannot run here; undefined when they can. */
export const noSshd = program === undefined ? "there is no sshd (apt-get install openssh-server)" : undefined;

/**
 * A Mac somewhere else: a real sshd on loopback with throwaway keys, behind a line that can be cut. It runs as the
 * current user, knows one login key, and gives its sessions a PATH and a TMPDIR of their own.
 */
export class Sshd {
  /** Of this lab alone. */
  readonly folder = mkdtempSync(join(tmpdir(), "tapback-sshd-"));
  /** Programs of the Mac, first in the PATH of its sessions. */
  readonly bin = join(this.folder, "bin");
  /** Where the Mac keeps its temporary files. */
  readonly tmp = join(this.folder, "tmp");
  /** For `ssh -F`: the host `mac` leads here, and so does `shared-mac`, over one connection for all. */
  readonly config = join(this.folder, "ssh_config");
  readonly line: Line;
  #server: ChildProcess;
  #log = "";

  private constructor(
    private readonly port: number,
    line: Line,
  ) {
    this.line = line;
    for (const folder of [this.bin, this.tmp]) mkdirSync(folder);
    chmodSync(this.folder, 0o755);
    this.#key("host");
    this.#key("login");
    writeFileSync(join(this.folder, "authorized_keys"), readFileSync(join(this.folder, "login.pub")), {
      mode: 0o600,
    });
    this.trust();
    this.#writeConfigs();
    this.#server = this.#start();
  }

  static async start(): Promise<Sshd> {
    const port = await freePort();
    // Where root runs it, sshd asks for this folder whatever its configuration says.
    if (process.getuid?.() === 0) mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
    const sshd = new Sshd(port, await Line.open(port));
    await sshd.#listens();
    return sshd;
  }

  /** Makes known_hosts say that the present host key is right. */
  trust(): void {
    const key = readFileSync(join(this.folder, "host.pub"), "utf8").split(" ").slice(0, 2).join(" ");
    writeFileSync(join(this.folder, "known_hosts"), `[127.0.0.1]:${this.line.port} ${key}\n`);
  }

  /** Whether known_hosts names it, with whatever key. */
  knows(): boolean {
    return readFileSync(join(this.folder, "known_hosts"), "utf8").includes(`[127.0.0.1]:${this.line.port} `);
  }

  /** Forgets the host key. */
  distrust(): void {
    writeFileSync(join(this.folder, "known_hosts"), "");
  }

  /** The Mac comes back with another host key, as one that was set up anew, or as somebody in between. */
  async changeHostKey(): Promise<void> {
    await this.#end();
    rmSync(join(this.folder, "host"));
    this.#key("host");
    this.#server = this.#start();
    await this.#listens();
  }

  /** No key is let in any more. */
  lockOut(): void {
    writeFileSync(join(this.folder, "authorized_keys"), "");
  }

  /** The login runs no commands of its choice, as an account for files alone. */
  forbidCommands(): void {
    const key = readFileSync(join(this.folder, "login.pub"), "utf8");
    writeFileSync(join(this.folder, "authorized_keys"), `command="echo files only" ${key}`);
  }

  letIn(): void {
    writeFileSync(join(this.folder, "authorized_keys"), readFileSync(join(this.folder, "login.pub")));
  }

  /** Writes a program of the Mac. */
  install(name: string, script: string): void {
    writeFileSync(join(this.bin, name), script, { mode: 0o755 });
  }

  /** Writes a wrapper script on the gateway's side. @returns its path */
  wrapper(script = `#!/bin/sh\nexec ssh -F ${this.config} -T mac imsg "$@"\n`, name = "imsg-ssh"): string {
    const path = join(this.folder, name);
    writeFileSync(path, script, { mode: 0o755 });
    return path;
  }

  async close(): Promise<void> {
    // What shares a connection lives on by itself; without one this fails, and that is as well.
    spawnSync("ssh", ["-F", this.config, "-O", "exit", "shared-mac"], { stdio: "ignore" });
    this.line.close();
    await this.#end();
    await removeFolder(this.folder);
  }

  #key(name: string): void {
    rmSync(join(this.folder, `${name}.pub`), { force: true });
    const args = ["-q", "-t", "ed25519", "-N", "", "-C", "tapback-test", "-f", join(this.folder, name)];
    execFileSync("ssh-keygen", args);
  }

  #start(): ChildProcess {
    const child = spawn(program!, ["-D", "-e", "-f", join(this.folder, "sshd_config")], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    child.stderr?.on("data", (chunk: Buffer) => {
      this.#log += chunk.toString();
    });
    return child;
  }

  async #end(): Promise<void> {
    if (this.#server.exitCode !== null) return;
    const gone = new Promise((resolve) => this.#server.once("exit", resolve));
    this.#server.kill("SIGTERM");
    await gone;
    this.#log = "";
  }

  #listens(): Promise<void> {
    return until(
      () => this.#log.includes("Server listening"),
      () => this.#log,
      20_000,
    );
  }

  #writeConfigs(): void {
    const at = (name: string) => join(this.folder, name);
    const server = [
      `Port ${this.port}`,
      "ListenAddress 127.0.0.1",
      `HostKey ${at("host")}`,
      `AuthorizedKeysFile ${at("authorized_keys")}`,
      "PidFile none",
      "UsePAM no",
      "StrictModes no",
      "PasswordAuthentication no",
      "KbdInteractiveAuthentication no",
      "PermitRootLogin yes",
      "MaxStartups 100",
      "MaxSessions 100",
      // The cheapest: a machine that tests is busy enough.
      "KexAlgorithms curve25519-sha256",
      "Subsystem sftp internal-sftp",
      // A home of its own: the shell would read the user's files at each command, a second and more of some people's.
      `SetEnv HOME=${this.folder} PATH=${this.bin}:/usr/local/bin:/usr/bin:/bin TMPDIR=${this.tmp}`,
    ];
    writeFileSync(at("sshd_config"), `${server.join("\n")}\n`);
    const client = [
      "Host mac",
      "  HostName 127.0.0.1",
      `  Port ${this.line.port}`,
      `  User ${userInfo().username}`,
      `  IdentityFile ${at("login")}`,
      "  IdentitiesOnly yes",
      `  UserKnownHostsFile ${at("known_hosts")}`,
      "  GlobalKnownHostsFile /dev/null",
    ];
    const shared = ["  ControlMaster auto", `  ControlPath ${at("shared")}`, "  ControlPersist 60"];
    const hosts = [...client, "Host shared-mac", ...client.slice(1), ...shared];
    writeFileSync(this.config, `${hosts.join("\n")}\n`);
  }
}

/** A port that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
