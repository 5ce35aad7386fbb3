// Whether what is old is forgotten without holding messages up: a gateway over 100,000 rows older than `gateway.retentionDays`, to which people
// write without a pause, while it forgets and for 20 s before and after. After a build.
// `node bench/growth-retention.mjs [--rows N] [--build DIR]`: about three minutes. Linux only.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { machine } from "./lib/compare.mjs";
import { openDatabase } from "./lib/database.mjs";
import { quantile, root, start } from "./lib/gateway.mjs";
import { historyOf } from "./lib/history.mjs";

const { values } = parseArgs({
  options: { rows: { type: "string", default: "100000" }, build: { type: "string", default: root } },
});
const rows = Number(values.rows);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const round = (value) => Number(value.toFixed(1));
/** Older than this it is forgotten, days; no row of the history is younger. */
const retentionDays = 30;

const history = await historyOf(rows, 100, 3650);
let state = "";
const prepare = (path) => {
  state = path;
  history.put(path);
  const database = openDatabase(path);
  // All of it is old, and events are kept of what happened beside, for a program that reads them.
  database.exec(
    `UPDATE journal SET received_at = received_at - 86400000 * 40; UPDATE turn SET ended_at = ended_at - 86400000 * 40;
     UPDATE outbox SET settled_at = settled_at - 86400000 * 40;
     WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
     INSERT INTO event (account, type, at, chat, subject, facts) SELECT 'default', 'message', i, 'chat:1', i, '{}' FROM n`,
  );
  database.close();
};
const until = join(process.env.TMPDIR ?? "/tmp", `tapback-bench-${process.pid}.until`);
const program = start(
  { mode: "latency", messages: 1e6, senders: 20, pauseMs: 10, until },
  { session: { dmScope: "per-peer" }, gateway: { retentionDays }, prepare, build: values.build },
);
await program.subscribedAt();

const database = openDatabase(state);
database.exec("PRAGMA busy_timeout = 1000");
const left = database.prepare(
  `SELECT (SELECT coalesce(max(up_to), 0) FROM forgotten WHERE name = 'turn') AS begun,
     (SELECT coalesce(max(up_to), 0) FROM forgotten WHERE name = 'journal') AS journal,
     (SELECT min(at) < ?1 FROM (SELECT at FROM event ORDER BY id LIMIT 1)) AS events`,
);
const old = Date.now() - retentionDays * 86_400_000;
let begunAt;
let endedAt;
for (const since = performance.now(); endedAt === undefined; ) {
  await pause(100);
  const { begun, journal, events } = left.get(old);
  if (begun > 0) begunAt ??= Date.now();
  if (journal >= rows && !events) endedAt = Date.now();
  if (performance.now() - since > 400_000) break;
}
database.close();
await pause(20_000);
writeFileSync(until, "");
const { latencies, answeredAt } = await program.figures();
await program.stop();
history.end();

const of = (...spans) => {
  const within = (at) => spans.some(([from, to]) => at >= from && at < to);
  const some = latencies.filter((_, index) => within(answeredAt[index]));
  return {
    messages: some.length,
    p50: round(quantile(some, 0.5)),
    p95: round(quantile(some, 0.95)),
    max: round(Math.max(...some)),
  };
};
if (begunAt === undefined) throw new Error("nothing was forgotten");
const ended = endedAt ?? Date.now() - 20_000;
const without = of([begunAt - 20_000, begunAt - 500], [ended + 500, ended + 20_000]);
const meanwhile = of([begunAt - 200, ended]);
console.log(
  JSON.stringify(
    {
      machine: machine(),
      rows,
      isForgotten: endedAt !== undefined,
      forgottenInSeconds: round((ended - begunAt) / 1000),
      without,
      meanwhile,
      ratio: {
        p50: Number((meanwhile.p50 / without.p50).toFixed(2)),
        p95: Number((meanwhile.p95 / without.p95).toFixed(2)),
      },
    },
    null,
    2,
  ),
);
