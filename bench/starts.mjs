// What starts cost beside a bare `node -e 0`, in turns, as JSON: wall and processor time of commands, of the simulated imsg, and
// of the gateway until it has subscribed. Linux only: processor time is read from /proc.
// --runs N (10) --beside DIR: the same of another build, in the same turns.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { cpuSeconds, quantile, root, start } from "./lib/gateway.mjs";

const { values } = parseArgs({
  options: { runs: { type: "string", default: "10" }, beside: { type: "string" } },
});
const runs = Number(values.runs);
const builds = { now: root, ...(values.beside && { beside: values.beside }) };
// A bare start that reads certificates is no floor.
delete process.env.NODE_EXTRA_CA_CERTS;

const commands = {
  version: ["cli/main.js", "--version"],
  "channels status": ["cli/main.js", "channels", "status", "--json"],
  inbox: ["cli/main.js", "inbox", "--json"],
  "config get": ["cli/main.js", "config", "get", "channels"],
  "imsg-sim status": ["simulator/main.js", "status", "--json"],
};
const figures = new Map();

function note(what, ms, cpuMs) {
  const all = figures.get(what) ?? { ms: [], cpuMs: [] };
  all.ms.push(ms);
  all.cpuMs.push(cpuMs);
  figures.set(what, all);
}

/** Processor time of the children that have ended, milliseconds (ticks of 10 ms). */
function childrenCpuMs() {
  const fields = readFileSync("/proc/self/stat", "utf8").split(") ")[1].split(" ");
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

function measure(what, words, env) {
  const before = childrenCpuMs();
  const startedAt = process.hrtime.bigint();
  const { status } = spawnSync(process.execPath, words, { env, stdio: "ignore" });
  if (status !== 0) throw new Error(`${what} ended with ${status}`);
  note(what, Number(process.hrtime.bigint() - startedAt) / 1e6, childrenCpuMs() - before);
}

for (let run = 0; run < runs; run++) {
  measure("node -e 0", ["-e", "0"], process.env);
  for (const [build, folder] of Object.entries(builds)) {
    const gateway = start({ mode: "idle" }, { build: folder });
    const at = await gateway.subscribedAt();
    note(`${build}: gateway to its subscription`, at - gateway.startedAt, cpuSeconds(gateway.pid) * 1000);
    for (const [name, [file, ...words]] of Object.entries(commands))
      measure(`${build}: ${name}`, [join(folder, "dist", file), ...words], gateway.env);
    await gateway.stop();
  }
}

const mean = (all) => all.reduce((sum, one) => sum + one, 0) / all.length;
const bare = figures.get("node -e 0");
const round = (value, digits = 0) => Number(value.toFixed(digits));
console.log(
  JSON.stringify(
    [...figures].map(([what, { ms, cpuMs }]) => ({
      what,
      ms: round(quantile(ms, 0.5)),
      timesNode: round(quantile(ms, 0.5) / quantile(bare.ms, 0.5), 1),
      // Ticks are coarse: a mean of several says more than a median.
      cpuMs: round(mean(cpuMs)),
      cpuTimesNode: round(mean(cpuMs) / mean(bare.cpuMs), 1),
    })),
    null,
    2,
  ),
);
