// Runs a real gateway under a steady stream of messages, one fault after the other, and a child that is killed now and
// then; a test build, whose state database can be made to fail. Memory must stay flat after the warm-up, nothing may leak, and no message be lost or answered twice.
import { spawn } from "node:child_process";
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSimulator, simulatorProgram } from "../dist-test/simulator.js";
import { below, naming, openHandles, residentMb } from "./lib/process-figures.mjs";

const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
const minutes = option("minutes", 30);
let seed = option("seed", 1);
const random = () => {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
  return seed / 2_147_483_648;
};
const pick = (values) => values[Math.floor(random() * values.length)];
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const round = (value) => Number(value.toFixed(1));

/** Ways to go wrong; each holds for a few seconds. */
const faults = [
  { kind: "die", method: "send", when: "after", times: 1 },
  { kind: "die", method: "send", when: "before", times: 1 },
  { kind: "half-line", method: "send", times: 1 },
  { kind: "send-error", method: "send", error: -1712, stored: true, times: 2 },
  { kind: "send-error", method: "send", error: -600, times: 2 },
  { kind: "no-guid", method: "send" },
  { kind: "lookup-delay", method: "send", ms: 300 },
  { kind: "delay", ms: 100 },
  { kind: "slow-start", ms: 1000 },
  { kind: "garbage-line", lines: 5 },
  { kind: "stderr-noise", lines: 50 },
  { kind: "early-notification" },
  { kind: "late-join", method: "say", ms: 300, times: 5 },
  { kind: "database-locked", method: "messages.history", ms: 100, times: 5 },
  { kind: "die", method: "chats.list", times: 1 },
  { kind: "silent-watch" },
  // Statements of the state database fail, by chance.
  { kind: "storage", chance: 0.05 },
  { kind: "storage", chance: 0.3 },
];

const folder = mkdtempSync(join(tmpdir(), "tapback-soak-"));
const storageFaults = join(folder, "storage-faults");
const world = openSimulator(folder, { watchPollMs: 500 });
const agent = createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    response.setHeader("content-type", "text/plain");
    response.end(`re: ${JSON.parse(Buffer.concat(parts).toString()).text}`);
  });
});
await new Promise((resolve) => agent.listen(0, "127.0.0.1", resolve));
writeFileSync(
  join(folder, "tapback.json5"),
  JSON.stringify({
    channels: {
      imessage: {
        cliPath: simulatorProgram(),
        dbPath: world.dbPath,
        dmPolicy: "open",
        allowFrom: ["*"],
        outbound: { perChatPerMinute: 100_000, perAccountPerHour: 1_000_000 },
      },
    },
    session: { dmScope: "per-channel-peer" },
    logging: { level: "debug" },
    agents: {
      list: [{ id: "main", runtime: { type: "http", url: `http://127.0.0.1:${agent.address().port}/` } }],
    },
  }),
);
const gateway = spawn(process.execPath, [join(import.meta.dirname, "../dist-test/cli/main.js"), "gateway"], {
  env: {
    ...process.env,
    HOME: folder,
    IMSG_SIM_HOME: folder,
    TAPBACK_STATE_DIR: join(folder, "state"),
    TAPBACK_CONFIG: join(folder, "tapback.json5"),
    TAPBACK_STORAGE_FAULTS: storageFaults,
  },
  stdio: ["ignore", "pipe", "pipe"],
});
const logPath = join(folder, "gateway.log");
const logFile = createWriteStream(logPath);
let reported = 0;
let connected = false;
for (const stream of [gateway.stdout, gateway.stderr])
  stream.on("data", (chunk) => {
    connected ||= chunk.toString().includes("connected to Messages");
    reported += chunk.toString().split(/send (?:not_sent|unknown):/).length - 1;
    logFile.write(chunk);
  });
const ended = new Promise((resolve) => gateway.on("exit", (code, signal) => resolve({ code, signal })));
let death;
void ended.then((how) => {
  death = how;
});

// The first start of all listens from what is newest then.
while (!connected && death === undefined) await sleep(100);
const startedAt = Date.now();
const endsAt = startedAt + minutes * 60_000;
const samples = [];
const played = {};
let messages = 0;
let kills = 0;
let nextFault = startedAt + 5000;
let nextKill = startedAt + 15_000;
while (Date.now() < endsAt && death === undefined) {
  world.say({ from: `+1555010${1000 + Math.floor(random() * 30)}`, text: `m${messages++}.` });
  if (Date.now() > nextFault) {
    world.clearFaults();
    rmSync(storageFaults, { force: true });
    const fault = pick([...faults, undefined, undefined]);
    if (fault?.kind === "storage")
      writeFileSync(storageFaults, `${fault.chance} ${1 + Math.floor(random() * 1000)}`);
    else if (fault) world.fault(fault);
    played[fault?.kind ?? "none"] = (played[fault?.kind ?? "none"] ?? 0) + 1;
    nextFault = Date.now() + 3000 + random() * 6000;
  }
  if (Date.now() > nextKill) {
    for (const child of below(gateway.pid).slice(0, 1)) {
      try {
        process.kill(child, "SIGKILL");
        kills++;
      } catch (error) {
        // It ended by itself after it was listed.
        if (error.code !== "ESRCH") throw error;
      }
    }
    nextKill = Date.now() + 10_000 + random() * 30_000;
  }
  if (messages % 8 === 0 && death === undefined)
    samples.push({ at: Date.now(), mb: residentMb(gateway.pid), handles: openHandles(gateway.pid) });
  await sleep(50 + random() * 400);
}

// Quiet: everything is taken up, nothing is under way.
world.clearFaults();
rmSync(storageFaults, { force: true });
const answers = () =>
  world.transcript().flatMap(({ from, text }) => (from === "me" ? [text.replace("re: ", "")] : []));
for (let tries = 0; tries < 120 && death === undefined; tries++) {
  if (new Set(answers()).size + reported >= messages) break;
  await sleep(1000);
}
await sleep(5000);
const living = death === undefined;
const quiet = living
  ? { handles: openHandles(gateway.pid), children: below(gateway.pid).length }
  : { handles: Number.NaN, children: Number.NaN };
gateway.kill("SIGTERM");
const ending = await ended;
await sleep(1000);
const leaked = naming(folder);
agent.closeAllConnections();
agent.close();

const counts = new Map();
for (const text of answers()) counts.set(text, (counts.get(text) ?? 0) + 1);
const doubled = [...counts].filter(([, count]) => count > 1).map(([text]) => text);
const lost = Array.from({ length: messages }, (_, n) => `m${n}.`).filter((text) => !counts.has(text));
// The first third warms code and caches up, ten minutes at most.
const warmUntil = startedAt + Math.min(600_000, (minutes * 60_000) / 3);
const part = (from, to) => samples.filter(({ at }) => at >= from && at <= to);
const fifth = (endsAt - warmUntil) / 5;
const early = part(warmUntil, warmUntil + fifth);
const late = part(endsAt - fifth, endsAt);
const memory = {
  afterWarmUpMb: round(median(early.map(({ mb }) => mb)) ?? Number.NaN),
  endMb: round(median(late.map(({ mb }) => mb)) ?? Number.NaN),
};
memory.growthPercent = round((memory.endMb / memory.afterWarmUpMb - 1) * 100);
// How it went on, minute by minute.
const perMinute = (figure) =>
  Array.from({ length: Math.ceil(minutes) }, (_, minute) => {
    const from = startedAt + minute * 60_000;
    return round(median(part(from, from + 60_000).map(figure)) ?? Number.NaN);
  });
memory.perMinuteMb = perMinute(({ mb }) => mb);
// Connections to the agent come and go, many at once after a pause: what leaks is in the least of a stretch too.
const handles = {
  afterWarmUp: Math.min(...early.map((sample) => sample.handles)),
  end: Math.min(...late.map((sample) => sample.handles), quiet.handles),
  quiet: quiet.handles,
  perMinute: perMinute((sample) => sample.handles),
};
const checks = {
  lived: living && ending.code === 0,
  memoryIsFlat: memory.growthPercent < 10,
  noHandleLeaked: handles.end <= handles.afterWarmUp + 2,
  // The child, and nothing else.
  noProcessLeaked: quiet.children <= 1 && leaked.length === 0,
  nothingDoubled: doubled.length === 0,
  nothingLost: lost.length <= reported,
};
const isGood = Object.values(checks).every(Boolean);
process.stdout.write(
  `${JSON.stringify({ minutes, messages, answered: counts.size, reported, doubled, lost, faults: played, kills, memory, handles, children: quiet.children, leaked, ending, checks }, null, 2)}\n`,
);
world.close();
logFile.end();
if (isGood) rmSync(folder, { recursive: true, force: true });
else process.stderr.write(`What happened: ${logPath}, state and world beside it\n`);
process.exit(isGood ? 0 : 1);
