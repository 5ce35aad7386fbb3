import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { profiles } from "./cast.js";
import type { Plan } from "./plan.js";
import { play, type RunResult } from "./run.js";

const names = Object.keys(profiles);
/** What is forced to a disk in memory takes no time; what a power cut takes is taken from the copy all the same. */
const base = join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "tapback-simulate");

/** Without a profile each seed has its own, so that some seeds try them all. @throws where there is no such profile */
export function profileFor(seed: number, wanted?: string): string {
  const profile = wanted ?? names[seed % names.length]!;
  if (!names.includes(profile)) throw new Error(`--profile is one of ${names.join(", ")}`);
  return profile;
}

/** Plays a plan in this process, in a folder of its own; its path is as long in each process, for it stands in what is sent. @param log takes each line of what happens */
export function playAlone(plan: Plan, log?: (line: string) => void): Promise<RunResult> {
  const folder = join(base, String(process.pid).padStart(8, "0"), `${plan.profile}-${plan.seed}`);
  return play(plan, { folder, ...(log && { log }) });
}
