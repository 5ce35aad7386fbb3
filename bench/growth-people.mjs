// What must not grow with the people: 1,000 who are admitted, each with a conversation of their own, beside 10. After a build.
// `node bench/growth-people.mjs [--people N] [--rounds N] [--build DIR]`: about four minutes. Linux only.
import { parseArgs } from "node:util";
import { command, inTurns, machine } from "./lib/compare.mjs";
import { openDatabase } from "./lib/database.mjs";
import { busyMs, quantile, residentMb, root, start } from "./lib/gateway.mjs";
import { historyOf } from "./lib/history.mjs";
import { startModels } from "./lib/models.mjs";

const { values } = parseArgs({
  options: {
    people: { type: "string", default: "1000" },
    messages: { type: "string", default: "1000" },
    rounds: { type: "string", default: "2" },
    build: { type: "string", default: root },
  },
});
const { build } = values;
const messages = Number(values.messages);
const people = { ten: 10, many: Number(values.people) };
/** Both have as many rows behind them: those grow with the messages, not with the people. */
const rows = 20_000;
const session = { dmScope: "per-peer" };
const channel = { dmPolicy: "pairing", allowFrom: [] };

/** Lets people in, as `tapback pairing approve` does. */
function admit(path, count) {
  const database = openDatabase(path);
  database.exec(
    `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${count})
     INSERT INTO approval (account, handle, approved_at) SELECT 'default', printf('+1555010%04d', i), ${Date.now()} + i FROM n`,
  );
  database.close();
}

async function measure(count, history) {
  const prepare = (database) => {
    history.put(database);
    admit(database, count);
  };
  const options = { session, channel, prepare, build };
  const program = start({ mode: "latency", messages, senders: count }, options);
  const startMs = (await program.subscribedAt()) - program.startedAt;
  const startCpuMs = busyMs(program.pid);
  const { latencies } = await program.figures();
  const messageCpuMs = (busyMs(program.pid) - startCpuMs) / messages;
  const warm = latencies.slice(200);
  const listed = command(["pairing", "list"], program.env, build);
  const shown = command(["people", "show", "+15550100003", "--json"], program.env, build);
  const used = command(["usage", "--json"], program.env, build);
  const afterMb = residentMb(program.pid);
  await program.stop();
  return {
    startMs,
    startCpuMs,
    messageP50Ms: quantile(warm, 0.5),
    messageP95Ms: quantile(warm, 0.95),
    messageCpuMs,
    pairingListCpuMs: listed.cpuMs,
    peopleShowCpuMs: shown.cpuMs,
    usageCpuMs: used.cpuMs,
    residentMb: afterMb,
    ...(await builtIn(count, options)),
  };
}

/** Everybody writes to the built-in agent, all at once: what it keeps of them in memory, and what a message of such a crowd costs. */
async function builtIn(count, options) {
  const models = await startModels();
  const program = start({ mode: "burst", messages, senders: count }, { ...models.settings, ...options });
  await program.subscribedAt();
  const before = busyMs(program.pid);
  await program.figures();
  const figures = {
    crowdMessageCpuMs: (busyMs(program.pid) - before) / messages,
    crowdResidentMb: residentMb(program.pid),
  };
  await program.stop();
  models.stop();
  return figures;
}

const histories = {
  ten: await historyOf(rows, people.ten, 365),
  many: await historyOf(rows, people.many, 365),
};
const cases = Object.fromEntries(
  Object.entries(people).map(([name, count]) => [name, () => measure(count, histories[name])]),
);
const figures = await inTurns(Number(values.rounds), cases);
for (const history of Object.values(histories)) history.end();
console.log(JSON.stringify({ machine: machine(), people, messages, figures }, null, 2));
