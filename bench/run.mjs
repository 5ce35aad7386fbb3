// Prints the figures of the gateway as JSON. Linux only: memory and processor time are read from /proc.
// --quick: fewer runs and a short idle phase. --install: also the size of the package once it is installed.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { severalAccounts } from "./lib/accounts.mjs";
import { builtInAgent } from "./lib/built-in-agent.mjs";
import { cpuSeconds, quantile, residentMb, root, start } from "./lib/gateway.mjs";
import { previewWorld } from "./lib/preview.mjs";
import { standardCase } from "./lib/standard.mjs";

const quick = process.argv.includes("--quick");
const round = (value, digits = 1) => Number(value.toFixed(digits));
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const runs = quick ? 3 : 10;

async function coldStart() {
  const times = [];
  for (let run = 0; run < runs; run++) {
    const gateway = start({ mode: "idle" });
    times.push((await gateway.subscribedAt()) - gateway.startedAt);
    await gateway.stop();
  }
  return { p50: quantile(times, 0.5), max: Math.max(...times) };
}

async function latency(options) {
  const program = start({ mode: "latency", messages: quick ? 200 : 1000 }, options);
  const { latencies } = await program.figures();
  await program.stop();
  // The first ones meet cold code.
  const warm = latencies.slice(50);
  return { p50: round(quantile(warm, 0.5), 2), p95: round(quantile(warm, 0.95), 2) };
}

async function burst(options) {
  const program = start({ mode: "burst", messages: 1000, senders: 100 }, options);
  const before = await program.subscribedAt().then(() => sleep(150).then(() => residentMb(program.pid)));
  const { ms } = await program.figures();
  await sleep(1500);
  const after = residentMb(program.pid);
  await program.stop();
  return {
    ms: round(ms),
    perSecond: Math.round(1000 / (ms / 1000)),
    residentBeforeMb: round(before),
    residentAfterMb: round(after),
  };
}

/** How long others wait for their answers while one person has written a heap, all in one session. */
async function flood(messages) {
  const program = start({ mode: "flood", messages, others: 10 });
  const { latencies } = await program.figures();
  await program.stop();
  return { first: Math.round(latencies[0]), others: Math.round(quantile(latencies.slice(1), 0.5)) };
}

async function idle() {
  const seconds = quick ? 10 : 60;
  const program = start({ mode: "idle" });
  await program.subscribedAt();
  await sleep(3000);
  const before = cpuSeconds(program.pid);
  await sleep(seconds * 1000);
  const figures = {
    cpuPercent: round(((cpuSeconds(program.pid) - before) / seconds) * 100, 2),
    seconds,
    residentMb: round(residentMb(program.pid)),
  };
  await program.stop();
  return figures;
}

function commandMs(words, env = process.env) {
  const times = [];
  for (let run = 0; run < runs + 1; run++) {
    const started = process.hrtime.bigint();
    spawnSync(process.execPath, words, { env, stdio: "ignore" });
    times.push(Number(process.hrtime.bigint() - started) / 1e6);
  }
  return round(quantile(times.slice(1), 0.5));
}

async function commands() {
  const cli = join(root, "dist/cli/main.js");
  const program = start({ mode: "idle" });
  await program.subscribedAt();
  await sleep(300);
  const figures = {
    node: commandMs(["-e", "0"]),
    version: commandMs([cli, "--version"]),
    channelsStatus: commandMs([cli, "channels", "status", "--json"], program.env),
    inbox: commandMs([cli, "inbox", "--json"], program.env),
  };
  await program.stop();
  return figures;
}

/** `tapback preview` over 30 days; the time of the simulated imsg is part of it. */
function preview() {
  const messages = 20_000;
  const world = previewWorld(messages);
  const figures = {
    messages,
    ms: commandMs([join(root, "dist/cli/main.js"), "preview", "--json"], world.env),
  };
  world.end();
  return figures;
}

function installMb() {
  const folder = mkdtempSync(join(tmpdir(), "tapback-install-"));
  execFileSync("npm", ["pack", "--pack-destination", folder], { cwd: root, stdio: "ignore" });
  const [tarball] = readdirSync(folder);
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
  execFileSync("npm", ["install", "--prefix", folder, ...quiet, join(folder, tarball)], { stdio: "ignore" });
  const kilobytes = Number(
    execFileSync("du", ["-sk", "node_modules"], { cwd: folder, encoding: "utf8" }).split("\t")[0],
  );
  rmSync(folder, { recursive: true, force: true });
  return round(kilobytes / 1024);
}

const perPeer = { session: { dmScope: "per-peer" } };
const floor = {
  latencyMs: await latency({ floor: { kind: "bare" } }),
  burst: await burst({ floor: { kind: "bare" } }),
};
const gateway = {
  coldStartMs: await coldStart(),
  latencyMs: await latency(perPeer),
  burst: await burst(perPeer),
  burstInOneSession: await burst(),
  idle: await idle(),
  tenAccounts: await severalAccounts(quick ? 40 : 150),
};
console.log(
  JSON.stringify(
    {
      machine: { node: process.version, cores: cpus().length, model: cpus()[0].model },
      floor,
      gateway,
      ratio: {
        latencyP50: round(gateway.latencyMs.p50 / floor.latencyMs.p50, 2),
        burst: round(gateway.burst.ms / floor.burst.ms, 2),
      },
      standardCase: await standardCase(quick ? 1 : 5, {
        single: quick ? 100 : 500,
        burst: quick ? 200 : 1000,
      }),
      othersInFloodMs: await flood(quick ? 500 : 4000),
      builtInAgent: await builtInAgent(quick),
      commandsMs: await commands(),
      preview: preview(),
      ...(process.argv.includes("--install") && { installedMb: installMb() }),
    },
    null,
    2,
  ),
);
