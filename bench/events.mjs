// What the log of events costs: `node bench/events.mjs` after `npm run build` (`--messages N`, `--rounds N`). A burst of messages
// through a gateway without the triggers that write it, with them and no reader, and with a reader, in turns. Prints JSON.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { DatabaseSync } from "@photostructure/sqlite";
import { cpuSeconds, quantile, root, start } from "./lib/gateway.mjs";

const { values } = parseArgs({
  options: {
    messages: { type: "string", default: "1000" },
    rounds: { type: "string", default: "5" },
  },
});
const messages = Number(values.messages);

const ways = {
  withoutTriggers: (database) => {
    for (const { name } of database.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all())
      database.exec(`DROP TRIGGER ${name}`);
  },
  off: () => {},
  on: (database) => database.exec("INSERT INTO event_reader (name, cursor, since) VALUES ('bench', 0, 0)"),
};

async function burst(change) {
  let path = "";
  const prepare = (file, env) => {
    path = file;
    // A start makes the state.
    const idle = { ...env, BENCH_PLAN: JSON.stringify({ mode: "idle" }) };
    const words = [join(root, "dist/cli/main.js"), "gateway"];
    spawnSync(process.execPath, words, { env: idle, stdio: "ignore", timeout: 6000 });
    const database = new DatabaseSync(file);
    change(database);
    database.close();
  };
  const settings = { session: { dmScope: "per-peer" }, prepare };
  const program = start({ mode: "burst", messages, senders: 100 }, settings);
  await program.subscribedAt();
  const before = cpuSeconds(program.pid);
  const { ms } = await program.figures();
  const cpuMs = (cpuSeconds(program.pid) - before) * 1000;
  const database = new DatabaseSync(path);
  const { events } = database.prepare("SELECT count(*) AS events FROM event").get();
  database.close();
  await program.stop();
  return { ms, cpuMs, events: Number(events) };
}

const figures = Object.fromEntries(Object.keys(ways).map((way) => [way, []]));
for (let round = 0; round < Number(values.rounds); round++)
  for (const [way, change] of Object.entries(ways)) figures[way].push(await burst(change));

const told = (runs) => ({
  ms: Math.round(
    quantile(
      runs.map(({ ms }) => ms),
      0.5,
    ),
  ),
  cpuMs: Math.round(
    quantile(
      runs.map(({ cpuMs }) => cpuMs),
      0.5,
    ),
  ),
  events: runs.at(-1).events,
});
console.log(
  JSON.stringify(
    { messages, ...Object.fromEntries(Object.entries(figures).map(([way, runs]) => [way, told(runs)])) },
    null,
    2,
  ),
);
