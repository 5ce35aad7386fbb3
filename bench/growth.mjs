// What must not grow with a history: the start, what commands ask, a message's way. After a build.
// `node bench/growth.mjs [--rows N] [--chats N]`: a small history of 1,000 rows beside one of N (1,000,000), in turns.
// `--keep DIR` makes the histories there, once; `--build DIR` measures another build, `firstOpenMs` with what it brings up to date.
import { statSync } from "node:fs";
import { parseArgs } from "node:util";
import { command, inTurns, machine } from "./lib/compare.mjs";
import { cpuSeconds, quantile, residentMb, root, start } from "./lib/gateway.mjs";
import { historyOf } from "./lib/history.mjs";

const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "1000000" },
    chats: { type: "string", default: "1000" },
    rounds: { type: "string", default: "3" },
    messages: { type: "string", default: "400" },
    keep: { type: "string" },
    build: { type: "string", default: root },
  },
});
const chats = Number(values.chats);
const messages = Number(values.messages);
const session = { dmScope: "per-peer" };
const { build, keep } = values;
const commandMs = (words, env) => command(words, env, build).ms;

/** @returns the figures of one gateway over one history */
async function measure(history) {
  let bytes = 0;
  let firstOpenMs = 0;
  const prepare = (database, env) => {
    history.put(database);
    bytes = statSync(database).size;
    firstOpenMs = commandMs(["pairing", "list"], env);
  };
  const senders = Math.min(chats, 100);
  const program = start({ mode: "latency", messages, senders }, { session, prepare, build });
  const startMs = (await program.subscribedAt()) - program.startedAt;
  const before = cpuSeconds(program.pid);
  const { latencies } = await program.figures();
  const cpuMs = ((cpuSeconds(program.pid) - before) * 1000) / messages;
  const figures = {
    databaseMb: bytes / 1e6,
    firstOpenMs,
    startMs,
    messageP50Ms: quantile(latencies.slice(50), 0.5),
    messageP95Ms: quantile(latencies.slice(50), 0.95),
    messageCpuMs: cpuMs,
    inboxMs: commandMs(["inbox", "--json"], program.env),
    explainMs: commandMs(["explain", "H-500", "--json"], program.env),
    failedMs: commandMs(["inbox", "--failed", "--json"], program.env),
    statusMs: commandMs(["channels", "status", "--json"], program.env),
    usageMs: commandMs(["usage", "--json"], program.env),
    residentMb: residentMb(program.pid),
  };
  await program.stop();
  return figures;
}

const days = 3650;
const histories = {
  small: await historyOf(1000, Math.min(chats, 1000), days, keep),
  large: await historyOf(Number(values.rows), chats, days, keep),
};
const cases = Object.fromEntries(
  Object.entries(histories).map(([name, history]) => [name, () => measure(history)]),
);
const figures = await inTurns(Number(values.rounds), cases);
for (const history of Object.values(histories)) history.end();
const sizes = { small: 1000, large: Number(values.rows), chats };
console.log(JSON.stringify({ machine: machine(), history: sizes, figures }, null, 2));
