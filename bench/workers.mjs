// Throughput with 1, 2 and 4 workers on turns that take time, over one gateway, one simulated Mac and one PostgreSQL server, which forces its commits to the
// disk. The agent sleeps, so the workers' `maxConcurrent` is the bound and not the processors. `node bench/workers.mjs [--turns N] [--ms N] [--at-once N]`,
// after a build.
import { execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import pg from "pg";

const { values } = parseArgs({
  options: {
    turns: { type: "string", default: "120" },
    ms: { type: "string", default: "2000" },
    "at-once": { type: "string", default: "2" },
  },
});
const turns = Number(values.turns);
const singles = 10;
const root = join(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "tapback-bench-workers-"));
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const children = [];

/** Starts a PostgreSQL server; one refuses to run as root. @returns its folder and its process */
async function startServer() {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const bin = versions.length > 0 ? join(debian, versions[0], "bin") : "";
  const own = mkdtempSync(join(tmpdir(), "tapback-bench-pg-"));
  const user = process.getuid() === 0 ? { uid: 65534, gid: 65534 } : {};
  if (user.uid) chownSync(own, user.uid, user.gid);
  const data = join(own, "data");
  const made = ["-D", data, "-A", "trust", "-U", "tapback", "-E", "UTF8", "--locale=C"];
  execFileSync(join(bin, "initdb"), made, { ...user, cwd: own, stdio: "ignore" });
  const settings = ["-c", "listen_addresses=", "-c", `unix_socket_directories=${own}`];
  const child = spawn(join(bin, "postgres"), ["-D", data, ...settings], {
    ...user,
    cwd: own,
    stdio: "ignore",
  });
  while (!existsSync(join(own, ".s.PGSQL.5432"))) await pause(50);
  await pause(500);
  return { own, child };
}

/** Starts a program of ours and waits until its log says something. */
async function start(name, words, env, says) {
  const child = spawn(process.execPath, [join(root, "dist/cli/main.js"), ...words], {
    env: { ...process.env, ...env, TAPBACK_STATE_DIR: join(env.HOME, name), NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (log += chunk));
  while (!log.includes(says)) {
    if (child.exitCode !== null) throw new Error(`${name} ended:\n${log}`);
    await pause(50);
  }
  return child;
}

async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
}

/** One state, one gateway, so many workers. @returns turns in a second, from the first message to the last answer in the outbox */
async function round(server, schema, workers) {
  const home = join(folder, schema);
  mkdirSync(home);
  const imsg = join(home, "imsg");
  writeFileSync(
    imsg,
    `#!/bin/sh\nexec "${process.execPath}" "${join(root, "dist/simulator/main.js")}" "$@"\n`,
    {
      mode: 0o755,
    },
  );
  const { openSimulator } = await import(join(root, "dist/simulator.js"));
  const world = openSimulator(home, {});
  // No Node of its own: what a turn takes of the processors is the worker's.
  const sleep = `cat > /dev/null; sleep ${Number(values.ms) / 1000}; echo done`;
  const runtime = { type: "command", command: "/bin/sh", args: ["-c", sleep] };
  const url = `postgres:///postgres?host=${encodeURIComponent(server)}&user=tapback&schema=${schema}`;
  const config = {
    channels: {
      imessage: {
        ...{ cliPath: imsg, dbPath: world.dbPath, watchDebounceMs: 0, dmPolicy: "open", allowFrom: ["*"] },
      },
    },
    session: { dmScope: "per-peer" },
    agents: {
      defaults: { maxConcurrent: Number(values["at-once"]) },
      list: [{ id: "main", runsOn: "workers", runtime }],
    },
    store: { url },
  };
  const path = join(home, "tapback.json5");
  writeFileSync(path, JSON.stringify(config));
  const env = { HOME: home, TAPBACK_CONFIG: path };
  const gateway = await start("gateway", ["gateway"], env, "connected to Messages");
  const running = [];
  for (let number = 0; number < workers; number++)
    running.push(await start(`worker${number}`, ["worker", "--agents", "main"], env, " is up"));
  const client = new pg.Client({ host: server, user: "tapback", database: "postgres" });
  await client.connect();
  const done = async () => {
    const { rows } = await client.query(
      `SELECT count(*)::int AS count FROM ${schema}.turn WHERE state = 'done'`,
    );
    return rows[0].count;
  };
  // One after the other: how long a turn waits for a worker that has nothing else to do.
  for (let number = 0; number < singles; number++) {
    world.say({ from: `+1666${String(1_000_000 + number)}`, text: `alone ${number}` });
    while ((await done()) <= number) await pause(20);
  }
  const alone = await client.query(
    `SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY started_at - queued_at) AS ms FROM ${schema}.turn`,
  );
  const since = Date.now();
  for (let number = 0; number < turns; number++)
    world.say({ from: `+1555${String(1_000_000 + number)}`, text: `message ${number}` });
  while ((await done()) < turns + singles) await pause(50);
  const { rows } = await client.query(
    `SELECT max(ended_at) - min(started_at) AS ms, percentile_cont(0.5) WITHIN GROUP (ORDER BY ended_at - started_at) AS turn
     FROM ${schema}.turn WHERE queued_at >= $1`,
    [since],
  );
  await client.end();
  for (const child of [...running, gateway]) await end(child);
  await world.settled();
  world.close();
  return {
    workers,
    turnsPerSecond: Math.round((turns / Number(rows[0].ms)) * 1e5) / 100,
    turnMs: Math.round(rows[0].turn),
    wakeMs: Math.round(alone.rows[0].ms),
  };
}

const server = await startServer();
try {
  const machine = { node: process.version, cores: cpus().length, model: cpus()[0].model, load: loadavg()[0] };
  const figures = [];
  for (const workers of [1, 2, 4]) figures.push(await round(server.own, `with${workers}`, workers));
  console.log(
    JSON.stringify(
      { machine, turns, sleepMs: Number(values.ms), atOnce: Number(values["at-once"]), figures },
      null,
      2,
    ),
  );
} finally {
  for (const child of children) child.kill("SIGKILL");
  server.child.kill("SIGINT");
  await new Promise((resolve) => server.child.once("exit", resolve));
  for (const each of [folder, server.own]) rmSync(each, { recursive: true, force: true });
}
