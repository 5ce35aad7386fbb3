// `node bench/ten-years.mjs`: a phone with ten years on it. Makes a world of 1,000,000 messages in 5,000 chats beside a small one,
// asks both the same, in turn, and prints how long it took as JSON. Linux only: processor time is read from /proc. After `npm run build`.
// --people N --messages N: another large one. --keep FOLDER: makes it there, and takes it from there the next time.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { openSimulator } from "../dist/simulator.js";
import { cpuSeconds, quantile, root } from "./lib/gateway.mjs";

const { values } = parseArgs({
  options: { people: { type: "string" }, messages: { type: "string" }, keep: { type: "string" } },
});
const program = join(root, "dist/simulator/main.js");
const folder = values.keep ?? mkdtempSync(join(tmpdir(), "ten-years-"));
const rounds = 200;
const digits = (value) => Number(value.toFixed(2));

/** A group for every fifth person: 4,167 people have 5,000 chats. Both worlds have 200 messages a chat. */
const sizes = {
  small: { people: 20, messages: 4800, days: 30 },
  large: {
    people: Number(values.people ?? 4167),
    messages: Number(values.messages ?? 1_000_000),
    days: 3650,
  },
};

function make(name) {
  const home = join(folder, name);
  const env = { ...process.env, IMSG_SIM_HOME: home, IMSG_SIM_VERSION: "0.14.0" };
  if (existsSync(join(home, "chat.db"))) return { home, env };
  mkdirSync(home, { recursive: true });
  const words = Object.entries(sizes[name]).flatMap(([option, value]) => [`--${option}`, String(value)]);
  const started = performance.now();
  const made = spawnSync(process.execPath, [program, "seed", ...words], { env, stdio: "inherit" });
  if (made.status !== 0) process.exit(1);
  return { home, env, seconds: Number(((performance.now() - started) / 1000).toFixed(1)) };
}

/** `imsg-sim rpc` in a world. */
function connect({ home, env }) {
  const child = spawn(process.execPath, [program, "rpc"], { env, stdio: ["pipe", "pipe", "inherit"] });
  const answers = new Map();
  let notified = () => {};
  createInterface(child.stdout).on("line", (line) => {
    const message = JSON.parse(line);
    if (message.method === "message") notified(message.params.message);
    else answers.get(message.id)?.(message);
  });
  let last = 0;
  const call = (method, params) =>
    new Promise((resolve, reject) => {
      const id = ++last;
      answers.set(id, ({ result, error }) => {
        answers.delete(id);
        if (error === undefined) resolve(result);
        else reject(new Error(JSON.stringify(error)));
      });
      child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
    });
  const world = openSimulator(home);
  return {
    call,
    pid: child.pid,
    /** Says something. @returns when the watch reports it */
    said(round) {
      const heard = new Promise((resolve) => {
        notified = resolve;
      });
      world.say({ from: `+155501010${10 + (round % 6)}`, text: `round ${round}` });
      return heard;
    },
    end() {
      world.close();
      child.stdin.end();
    },
  };
}

async function timed(work) {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

const made = { small: make("small"), large: make("large") };
const worlds = { small: connect(made.small), large: connect(made.large) };
const chatsOf = {};
for (const [name, world] of Object.entries(worlds)) {
  await world.call("watch.subscribe", { debounce_ms: 0, attachments: true, include_reactions: true });
  chatsOf[name] = (await world.call("chats.list", { limit: 500 })).chats.map(({ id }) => id);
}
const asked = {
  chatsList: (world) => world.call("chats.list", { limit: 20 }),
  history: (world, round, chats) => {
    const chat_id = chats[(round * 7) % chats.length];
    return world.call("messages.history", { chat_id, limit: 50, attachments: true });
  },
  watch: (world, round) => world.said(round),
};
const figures = {};
for (const [what, ask] of Object.entries(asked)) {
  const times = { small: [], large: [] };
  const pairs = Object.entries(worlds);
  const before = Object.fromEntries(pairs.map(([name, { pid }]) => [name, cpuSeconds(pid)]));
  for (let round = 0; round < rounds; round++)
    // Neither is always the one that finds the machine as the other left it.
    for (const [name, world] of round % 2 === 0 ? pairs : [...pairs].reverse())
      times[name].push(await timed(() => ask(world, round, chatsOf[name])));
  const of = (measure) => {
    const [small, large] = [measure("small"), measure("large")];
    return { small: digits(small), large: digits(large), ratio: digits(large / small) };
  };
  figures[what] = {
    medianMs: of((name) => quantile(times[name], 0.5)),
    // What others do on the machine meanwhile is not in it.
    cpuMs: of((name) => ((cpuSeconds(worlds[name].pid) - before[name]) * 1000) / rounds),
  };
}
for (const world of Object.values(worlds)) world.end();
if (values.keep === undefined) rmSync(folder, { recursive: true, force: true });

console.log(JSON.stringify({ sizes, madeInSeconds: made.large.seconds, ...figures }, null, 2));
