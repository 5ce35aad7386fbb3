// What must not grow with a history: the start, what commands ask, a message's way. After a build.
// `node bench/growth.mjs [--rows N] [--chats N]`: a small history of 1,000 rows beside one of N (1,000,000), in turns.
// `--keep DIR` makes the histories there, once; `--build DIR` measures another build, `firstOpenMs` with what it brings up to date.
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
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
const round = (value, digits = 1) => Number(value.toFixed(digits));
const { build, keep } = values;
const cli = join(build, "dist/cli/main.js");

function commandMs(words, env) {
  const started = process.hrtime.bigint();
  const { status } = spawnSync(process.execPath, [cli, ...words], { env, stdio: "ignore" });
  // It may give up on a long history, which is a figure too.
  if (status !== 0) console.error(`${words.join(" ")} ended with ${status}`);
  return Number(process.hrtime.bigint() - started) / 1e6;
}

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
const measured = { small: [], large: [] };
for (let number = 0; number < Number(values.rounds); number++)
  for (const [name, history] of Object.entries(histories)) measured[name].push(await measure(history));
for (const history of Object.values(histories)) history.end();
const keys = Object.keys(measured.small[0]);
const middle = (of, key) =>
  quantile(
    of.map((each) => each[key]),
    0.5,
  );
const ratio = (key) =>
  quantile(
    measured.large.map((each, index) => each[key] / measured.small[index][key]),
    0.5,
  );
console.log(
  JSON.stringify(
    {
      machine: { node: process.version, cores: cpus().length, model: cpus()[0].model, load: loadavg()[0] },
      history: { small: 1000, large: Number(values.rows), chats },
      figures: Object.fromEntries(
        keys.map((key) => [
          key,
          {
            small: round(middle(measured.small, key)),
            large: round(middle(measured.large, key)),
            ratio: round(ratio(key), 2),
          },
        ]),
      ),
    },
    null,
    2,
  ),
);
