import { fork } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { profiles } from "./cast.js";
import { type Plan, planOf } from "./plan.js";
import { play, type RunResult } from "./run.js";
import { shrink } from "./shrink.js";

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
    log: { type: "boolean", default: false },
    shrink: { type: "string", default: "200" },
    workers: { type: "string" },
  },
});

const names = Object.keys(profiles);
const base = join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "tapback-simulate");

/** Without a profile each seed has its own, so that some seeds try them all. */
function profileOf(seed: number): string {
  const profile = values.profile ?? names[seed % names.length]!;
  if (!names.includes(profile)) throw new Error(`--profile is one of ${names.join(", ")}`);
  return profile;
}

function playOf(plan: Plan, log = false): Promise<RunResult> {
  const folder = join(base, `${process.pid}`, `${plan.profile}-${plan.seed}`);
  return play(plan, { folder, ...(log && { log: (line: string) => process.stdout.write(`${line}\n`) }) });
}

/** Plays one plan and shrinks what breaks it. @returns whether everything held */
async function playOne(plan: Plan): Promise<boolean> {
  const result = await playOf(plan, values.log);
  process.stdout.write(`${JSON.stringify(result)}\n`);
  if (result.violation === undefined) return true;
  process.stdout.write(`${describe(result)}\n`);
  const most = Number(values.shrink);
  if (most > 0) {
    const small = await shrink({ plan, result }, playOf, most);
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

function describe({ seed, profile, violation }: RunResult): string {
  return `VIOLATION with --seed ${seed} --profile ${profile}, step ${violation?.step}: ${violation?.invariant}: ${violation?.what}`;
}

/** Plays many seeds on all cores, and goes on where an earlier call ended. */
async function playMany(range: string): Promise<boolean> {
  const [from = 1, to = from] = range.split("..").map(Number);
  const path = values.results;
  if (path) mkdirSync(dirname(path), { recursive: true });
  const known = path && existsSync(path) ? readFileSync(path, "utf8").split("\n").filter(Boolean) : [];
  const results = known.map((line) => JSON.parse(line) as RunResult);
  const done = new Set(results.map(({ seed, profile }) => `${profile} ${seed}`));
  const seeds = Array.from({ length: to - from + 1 }, (_, index) => from + index).filter(
    (seed) => !done.has(`${profileOf(seed)} ${seed}`),
  );
  const began = Date.now();
  const worker = async () => {
    for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
      const result = await inChild(seed);
      results.push(result);
      if (path) appendFileSync(path, `${JSON.stringify(result)}\n`);
      process.stdout.write(
        `${result.profile} ${seed}: ${result.messages} messages, ${result.hash}${result.violation ? ` ${describe(result)}` : ""}\n`,
      );
    }
  };
  await Promise.all(Array.from({ length: Number(values.workers ?? availableParallelism()) }, worker));
  process.stdout.write(`${JSON.stringify(summary(results, Date.now() - began), null, 1)}\n`);
  return results.every(({ violation }) => violation === undefined);
}

/** A run in a process of its own: one that hangs or is killed is a result as well. */
function inChild(seed: number): Promise<RunResult> {
  const profile = profileOf(seed);
  return new Promise((resolve) => {
    const args = [
      "--seed",
      String(seed),
      "--messages",
      values.messages,
      "--profile",
      profile,
      "--shrink",
      "0",
    ];
    const child = fork(fileURLToPath(import.meta.url), args, { stdio: ["ignore", "pipe", "pipe", "ipc"] });
    let text = "";
    child.stdout?.on("data", (chunk: Buffer) => (text += chunk.toString()));
    child.stderr?.on("data", (chunk: Buffer) => (text += chunk.toString()));
    child.on("close", (code) => {
      const line = text.split("\n").find((each) => each.startsWith('{"seed"'));
      if (line) return resolve(JSON.parse(line) as RunResult);
      const violation = {
        invariant: "the run itself",
        what: `ended with ${code}: ${text.slice(-500)}`,
        step: -1,
      };
      resolve({
        seed,
        profile,
        steps: 0,
        messages: 0,
        worldMs: 0,
        cpuMs: 0,
        hash: "",
        counts: {},
        violation,
      });
    });
  });
}

function summary(results: readonly RunResult[], ms: number) {
  const counts: Record<string, number> = {};
  for (const result of results)
    for (const [what, count] of Object.entries(result.counts)) counts[what] = (counts[what] ?? 0) + count;
  const sum = (of: (result: RunResult) => number) => results.reduce((all, result) => all + of(result), 0);
  return {
    runs: results.length,
    messages: sum(({ messages }) => messages),
    steps: sum(({ steps }) => steps),
    worldHours: Math.round(sum(({ worldMs }) => worldMs) / 3_600_000),
    cpuSeconds: Math.round(sum(({ cpuMs }) => cpuMs) / 1000),
    seconds: Math.round(ms / 1000),
    violations: results.filter(({ violation }) => violation).map(({ seed, profile }) => `${profile} ${seed}`),
    counts: Object.fromEntries(Object.entries(counts).sort()),
  };
}

async function main(): Promise<boolean> {
  if (values.trace) return playOne(JSON.parse(readFileSync(values.trace, "utf8")) as Plan);
  if (values.seeds) return playMany(values.seeds);
  const seed = Number(values.seed);
  return playOne(planOf(seed, Number(values.messages), profileOf(seed)));
}

process.exitCode = (await main()) ? 0 : 1;
