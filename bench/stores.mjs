// The standard case with its state in the file and on a PostgreSQL server, in turns: what the store costs. The server is started here, in a
// temporary folder, and forces its commits to the disk as the file does. `node bench/stores.mjs [--rounds N] [--single N] [--burst N]`, after a build.
import { execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measure, medianOf, perPeer } from "./lib/standard.mjs";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    single: { type: "string", default: "500" },
    burst: { type: "string", default: "1000" },
  },
});
const messages = { single: Number(values.single), burst: Number(values.burst) };
const machine = { node: process.version, cores: cpus().length, model: cpus()[0].model, load: loadavg()[0] };

const debian = "/usr/lib/postgresql";
const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
const bin = versions.length > 0 ? join(debian, versions[0], "bin") : "";
const folder = mkdtempSync(join(tmpdir(), "tapback-bench-pg-"));
// A server refuses to run as root.
const user = process.getuid() === 0 ? { uid: 65534, gid: 65534 } : {};
if (user.uid) chownSync(folder, user.uid, user.gid);
const data = join(folder, "data");
const made = ["-D", data, "-A", "trust", "-U", "tapback", "-E", "UTF8", "--locale=C"];
execFileSync(join(bin, "initdb"), made, { ...user, cwd: folder, stdio: "ignore" });
const settings = ["-c", "listen_addresses=", "-c", `unix_socket_directories=${folder}`];
const server = spawn(join(bin, "postgres"), ["-D", data, ...settings], {
  ...user,
  cwd: folder,
  stdio: "ignore",
});

try {
  while (!existsSync(join(folder, ".s.PGSQL.5432"))) await new Promise((resolve) => setTimeout(resolve, 50));
  await new Promise((resolve) => setTimeout(resolve, 500));
  let schema = 0;
  const url = () =>
    `postgres:///postgres?host=${encodeURIComponent(folder)}&user=tapback&schema=run${schema++}`;
  const stores = {
    file: () => ({}),
    postgresql: () => ({ store: { url: url() } }),
  };
  const measured = { file: [], postgresql: [] };
  for (let number = 0; number < Number(values.rounds); number++)
    for (const [name, block] of Object.entries(stores)) {
      const withModel = ({ settings: models }) => ({ ...models, session: perPeer, ...block() });
      measured[name].push(await measure({ withModel }, messages));
    }
  const figures = Object.fromEntries(Object.entries(measured).map(([name, of]) => [name, medianOf(of)]));
  console.log(JSON.stringify({ machine, messages, ...figures }, null, 2));
} finally {
  server.kill("SIGINT");
  await new Promise((resolve) => server.once("exit", resolve));
  rmSync(folder, { recursive: true, force: true });
}
