// What may grow with the accounts of a gateway no faster than they do: 1, 10 and 100. After a build.
// `node bench/growth-accounts.mjs [--rounds N] [--build DIR]`: about four minutes. Linux only. The Macs are played in one process
// beside; what is told of is the gateway's own. It sees no file of theirs, as of Macs that are elsewhere, and asks each every 1.5 s.
import { parseArgs } from "node:util";
import { command, inTurns, machine } from "./lib/compare.mjs";
import { busyMs, quantile, residentMb, root, start } from "./lib/gateway.mjs";
import { startMacs } from "./lib/macs.mjs";

const { values } = parseArgs({
  options: {
    accounts: { type: "string", default: "100" },
    messages: { type: "string", default: "400" },
    idle: { type: "string", default: "20" },
    rounds: { type: "string", default: "2" },
    build: { type: "string", default: root },
  },
});
const { build } = values;
const messages = Number(values.messages);
const idleMs = Number(values.idle) * 1000;
const sizes = { one: 1, ten: 10, many: Number(values.accounts) };
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const session = { dmScope: "per-account-channel-peer" };
const macs = await startMacs();

function begin(plan, count) {
  const accounts = Array.from({ length: count }, (_, index) => `mac${index + 1}`);
  const program = start(plan, { ...macs, accounts, session, build });
  return { program, subscribed: () => Promise.all(accounts.map((name) => program.subscribedAt(name))) };
}

async function measure(count) {
  const { program, subscribed } = begin({ mode: "idle" }, count);
  const startMs = Math.max(...(await subscribed())) - program.startedAt;
  const startCpuMs = busyMs(program.pid);
  // What agents run on is loaded two seconds after the start.
  await pause(4000);
  const idleMb = residentMb(program.pid);
  const before = busyMs(program.pid);
  const since = performance.now();
  await pause(idleMs);
  const idleCpuMsPerSecond = ((busyMs(program.pid) - before) / (performance.now() - since)) * 1000;
  const status = command(["channels", "status", "--json"], program.env, build);
  await program.stop();
  return {
    startMs,
    startCpuMs,
    idleResidentMb: idleMb,
    idleCpuMsPerSecond,
    statusCpuMs: status.cpuMs,
    statusMs: status.ms,
    ...(await oneWrites(count, idleCpuMsPerSecond)),
  };
}

/** One account has messages, the others are there: what they cost by themselves meanwhile is left out of what a message does. */
async function oneWrites(count, idleCpuMsPerSecond) {
  const { program, subscribed } = begin({ mode: "latency", messages, only: "mac1" }, count);
  await subscribed();
  const before = busyMs(program.pid);
  const since = performance.now();
  const { latencies } = await program.figures("mac1");
  const idle = (idleCpuMsPerSecond * (performance.now() - since)) / 1000;
  const messageCpuMs = (busyMs(program.pid) - before - idle) / messages;
  await program.stop();
  const warm = latencies.slice(100);
  return { messageP50Ms: quantile(warm, 0.5), messageP95Ms: quantile(warm, 0.95), messageCpuMs };
}

const cases = Object.fromEntries(Object.entries(sizes).map(([name, count]) => [name, () => measure(count)]));
try {
  const figures = await inTurns(Number(values.rounds), cases);
  // What each further account adds, between 1 and 10 and between 10 and all: the same where it is linear.
  const added = (key, from, to) =>
    Number(((figures[key][to] - figures[key][from]) / (sizes[to] - sizes[from])).toFixed(2));
  const perAccount = Object.fromEntries(
    ["startCpuMs", "idleResidentMb", "idleCpuMsPerSecond", "statusCpuMs", "messageCpuMs"].map((key) => [
      key,
      { upToTen: added(key, "one", "ten"), beyond: added(key, "ten", "many") },
    ]),
  );
  console.log(JSON.stringify({ machine: machine(), sizes, messages, figures, perAccount }, null, 2));
} finally {
  macs.stop();
}
