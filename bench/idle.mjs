// What an idle gateway has in memory, beside a bare Node, in turns, and after 10,000 messages. After a build. Linux only.
// `node bench/idle.mjs [--rounds N] [--messages N] [--beside DIR] [--flags "…;…"]`: about four minutes; of another build too, or with other flags of Node.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { machine } from "./lib/compare.mjs";
import { busyMs, quantile, root, start } from "./lib/gateway.mjs";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    messages: { type: "string", default: "10000" },
    beside: { type: "string" },
    flags: { type: "string", default: "--max-semi-space-size=4" },
  },
});
const messages = Number(values.messages);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Megabytes: all, and of that what is the process's own and not pages of files that others have too. */
function memory(pid) {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const of = (name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)[1]) / 1024;
  return { residentMb: of("VmRSS"), ownMb: of("RssAnon") };
}

async function bare() {
  const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 1e9)"], { stdio: "ignore" });
  await pause(2000);
  const figures = memory(child.pid);
  child.kill();
  return figures;
}

async function gateway(build, flags) {
  const idle = start({ mode: "idle" }, { build, flags });
  await idle.subscribedAt();
  // What agents run on is loaded two seconds after the start.
  await pause(6000);
  const figures = memory(idle.pid);
  await idle.stop();
  if (messages === 0) return figures;
  const plan = { mode: "burst", messages, senders: 100 };
  const busy = start(plan, { build, flags, session: { dmScope: "per-peer" } });
  await busy.subscribedAt();
  const before = busyMs(busy.pid);
  await busy.figures();
  const messageCpuMs = (busyMs(busy.pid) - before) / messages;
  await pause(2000);
  const { residentMb, ownMb } = memory(busy.pid);
  await busy.stop();
  return { ...figures, afterResidentMb: residentMb, afterOwnMb: ownMb, messageCpuMs };
}

const cases = { bare };
for (const flags of values.flags.split(";")) {
  const list = flags.split(" ").filter(Boolean);
  cases[`now ${flags}`.trim()] = () => gateway(root, list);
  if (values.beside) cases[`beside ${flags}`.trim()] = () => gateway(values.beside, list);
}
const measured = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
for (let round = 0; round < Number(values.rounds); round++)
  for (const [name, measure] of Object.entries(cases)) measured[name].push(await measure());
const middle = (all, key) =>
  Number(
    quantile(
      all.map((each) => each[key]),
      0.5,
    ).toFixed(1),
  );
const figures = Object.fromEntries(
  Object.entries(measured).map(([name, all]) => [
    name,
    Object.fromEntries(Object.keys(all[0]).map((key) => [key, middle(all, key)])),
  ]),
);
console.log(JSON.stringify({ machine: machine(), messages, figures }, null, 2));
