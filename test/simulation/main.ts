import { readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Plan, planOf } from "./plan.js";
import { playAlone, profileFor } from "./play-alone.js";
import { describe, playMany } from "./play-many.js";
import { shrink } from "./shrink.js";
import { serveSeeds } from "./worker.js";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    seeds: { type: "string" },
    messages: { type: "string", default: "1000" },
    profile: { type: "string" },
    /** Plays what an earlier failure wrote. */
    trace: { type: "string" },
    /** File of the results; seeds that it has are not played again. */
    results: { type: "string" },
    /** What the results belong to, in the file. */
    commit: { type: "string", default: "" },
    log: { type: "boolean", default: false },
    shrink: { type: "string", default: "200" },
    workers: { type: "string" },
    /** How many gateways share a state on a server. */
    nodes: { type: "string" },
    /** Plays what the process that started it asks for. */
    worker: { type: "boolean", default: false },
  },
});

/** Plays one plan and shrinks what breaks it. @returns whether everything held */
async function playOne(plan: Plan): Promise<boolean> {
  const log = values.log ? (line: string) => process.stdout.write(`${line}\n`) : undefined;
  const result = await playAlone(plan, log);
  process.stdout.write(`${JSON.stringify(result)}\n`);
  if (result.violation === undefined) return true;
  process.stdout.write(`${describe(result)}\n`);
  const most = Number(values.shrink);
  if (most > 0) {
    const small = await shrink({ plan, result }, playAlone, most);
    const path = join(tmpdir(), `tapback-trace-${plan.profile}-${plan.seed}.json`);
    writeFileSync(path, JSON.stringify(small.plan));
    process.stdout.write(
      `the shortest trace, of ${small.plan.steps.length} steps (${small.runs} runs), in ${path}:\n${small.plan.steps
        .map(({ id, after, act }) => `  ${id} after ${after} ms: ${JSON.stringify(act)}`)
        .join("\n")}\n${describe(small.result)}\n`,
    );
  }
  return false;
}

async function main(): Promise<boolean> {
  const { seed, seeds, messages, profile, results, commit, workers } = values;
  const nodes = Number(values.nodes ?? 1);
  if (values.worker) return serveSeeds();
  if (values.trace) return playOne(JSON.parse(readFileSync(values.trace, "utf8")) as Plan);
  const count = Number(messages);
  if (seeds) {
    const [from = 1, to = from] = seeds.split("..").map(Number);
    const most = workers === undefined ? undefined : Number(workers);
    return playMany({ from, to, messages: count, profile, nodes, commit, results, workers: most });
  }
  return playOne(planOf(Number(seed), count, profileFor(Number(seed), profile), nodes));
}

process.exitCode = (await main()) ? 0 : 1;
