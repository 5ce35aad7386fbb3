import { availableParallelism } from "node:os";
import { profileFor } from "./play-alone.js";
import { type KeptResult, Results } from "./results.js";
import type { RunResult } from "./run.js";
import { HerePlayer, type Player, Worker } from "./worker.js";

/** Which seeds are played, and where the results are kept. */
export interface Many {
  /** First and last seed. */
  from: number;
  to: number;
  /** Of each run. */
  messages: number;
  profile?: string | undefined;
  /** How many gateways share a state on a server; 1: one with its file. */
  nodes: number;
  /** What is played, for the file of the results. */
  commit: string;
  /** File of the results; seeds that it has are not played again. */
  results?: string | undefined;
  /** How many processes play; as many as there are cores when absent, with 0 this one alone. */
  workers?: number | undefined;
}

/** Plays many seeds on all cores, and goes on where an earlier call ended. @returns whether everything held */
export async function playMany(many: Many): Promise<boolean> {
  const { from, to, messages, profile, nodes, commit } = many;
  const results = new Results(many.results);
  const seeds = Array.from({ length: to - from + 1 }, (_, index) => from + index).filter(
    (seed) => !results.has({ seed, profile: profileFor(seed, profile), nodes, messages }),
  );
  const began = Date.now();
  const { workers = availableParallelism() } = many;
  const playing = Array.from({ length: Math.max(1, workers) }, async () => {
    const worker: Player = workers === 0 ? new HerePlayer() : new Worker();
    for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
      const result = await worker.play({ seed, messages, nodes, profile: profileFor(seed, profile) });
      results.add({ ...result, commit, asked: messages });
      process.stdout.write(
        `${result.profile} ${seed}: ${result.messages} messages, ${result.hash}${result.violation ? ` ${describe(result)}` : ""}\n`,
      );
    }
    worker.close();
  });
  await Promise.all(playing);
  process.stdout.write(`${JSON.stringify(summary(results.all, Date.now() - began), null, 1)}\n`);
  return results.all.every(({ violation }) => violation === undefined);
}

/** One line of what was wrong, with what plays it again. */
export function describe({ seed, profile, nodes, violation }: RunResult): string {
  return `VIOLATION with --seed ${seed} --profile ${profile}${nodes ? ` --nodes ${nodes}` : ""}, step ${violation?.step}: ${violation?.invariant}: ${violation?.what}`;
}

function summary(results: readonly KeptResult[], ms: number) {
  const counts: Record<string, number> = {};
  const messagesOf: Record<string, number> = {};
  for (const { counts: these, commit, messages } of results) {
    for (const [what, count] of Object.entries(these)) counts[what] = (counts[what] ?? 0) + count;
    messagesOf[commit] = (messagesOf[commit] ?? 0) + messages;
  }
  const sum = (of: (result: RunResult) => number) => results.reduce((all, result) => all + of(result), 0);
  const messages = sum((result) => result.messages);
  const cpuSeconds = sum(({ cpuMs }) => cpuMs) / 1000;
  return {
    runs: results.length,
    messages,
    messagesOfCommits: messagesOf,
    steps: sum(({ steps }) => steps),
    worldHours: Math.round(sum(({ worldMs }) => worldMs) / 3_600_000),
    cpuSeconds: Math.round(cpuSeconds),
    messagesPerCpuSecond: Math.round(messages / cpuSeconds),
    seconds: Math.round(ms / 1000),
    violations: results.filter(({ violation }) => violation).map(({ seed, profile }) => `${profile} ${seed}`),
    counts: Object.fromEntries(Object.entries(counts).sort()),
  };
}
