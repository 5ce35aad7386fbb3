// Cases measured in turns, so that a busy moment of the machine meets all of them, and told by the middle of the rounds.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { quantile, root } from "./gateway.mjs";

const round = (value, digits = 1) => Number(value.toFixed(digits));
const middle = (values) => quantile(values, 0.5);

/** What it was measured on. */
export function machine() {
  return { node: process.version, cores: cpus().length, model: cpus()[0].model, load: loadavg()[0] };
}

/**
 * @param cases what measures each, by name, the small one first
 * @returns the middle of each figure by case, and of the ratios of the last case to the first within a round
 */
export async function inTurns(rounds, cases) {
  const names = Object.keys(cases);
  const measured = Object.fromEntries(names.map((name) => [name, []]));
  for (let number = 0; number < rounds; number++)
    for (const name of names) measured[name].push(await cases[name]());
  const [first, last] = [measured[names[0]], measured[names.at(-1)]];
  return Object.fromEntries(
    Object.keys(first[0]).map((key) => [
      key,
      {
        ...Object.fromEntries(
          names.map((name) => [name, round(middle(measured[name].map((of) => of[key])))]),
        ),
        ratio: round(middle(last.map((of, index) => of[key] / first[index][key])), 2),
      },
    ]),
  );
}

/** Processor time of the children that have ended, milliseconds (ticks of 10 ms). */
function childrenCpuMs() {
  const fields = readFileSync("/proc/self/stat", "utf8").split(") ")[1].split(" ");
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

/** Runs a command to its end. @returns what it took */
export function command(words, env, build = root) {
  const before = childrenCpuMs();
  const started = process.hrtime.bigint();
  const cli = join(build, "dist/cli/main.js");
  const { status } = spawnSync(process.execPath, [cli, ...words], { env, stdio: "ignore" });
  // It may give up on a long history, which is a figure too.
  if (status !== 0) console.error(`${words.join(" ")} ended with ${status}`);
  return { ms: Number(process.hrtime.bigint() - started) / 1e6, cpuMs: childrenCpuMs() - before };
}
