import { mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { writeFileAtomic } from "../atomic-file.js";
import type { Clock } from "../clock.js";
import { membersOf, processStamp } from "./process-stamp.js";
import { descendantsOf, signalTo } from "./process-tree.js";

/** A child as it is written down: its number, and what tells it from a later process with the same number. */
export interface ChildMark {
  pid: number;
  stamp: string;
}

/** Waits for a child that an earlier process left behind, milliseconds. */
export interface PartingTimes {
  /** For it to finish by itself. */
  patienceMs: number;
  /** Between SIGTERM and SIGKILL. */
  stepMs: number;
}

/** How a child that was left behind is ended. */
export interface Parting {
  times: PartingTimes;
  clock: Clock;
  signal: AbortSignal;
  /** What it is, for the log: `imsg`, `an agent`. */
  what: string;
  log: (line: string) => void;
}

const lookMs = 100;

/**
 * Writes down a child of this process, which leads a group of its own, so that the next process finds what this one left
 * behind when it was killed.
 * @returns false when the child is gone already, or cannot be told from others
 * @throws the file system's error
 */
export async function writeMark(path: string, pid: number): Promise<boolean> {
  const stamp = await processStamp(pid);
  if (stamp === undefined) return false;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileAtomic(path, `${JSON.stringify({ pid, stamp } satisfies ChildMark)}\n`);
  return true;
}

/** @returns what {@link writeMark} wrote; undefined when there is none, or it is no such mark */
export function readMark(path: string): ChildMark | undefined {
  try {
    const { pid, stamp } = JSON.parse(readFileSync(path, "utf8")) as Partial<ChildMark>;
    // 0 and 1 would be groups that are not a child's.
    return Number.isSafeInteger(pid) && pid! > 1 && typeof stamp === "string"
      ? { pid: pid!, stamp }
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Waits until the child of an earlier process and all it started are gone; ends them when that takes too long. Another
 * process that has its number by now is left alone.
 */
export async function endLeftBehind({ pid, stamp }: ChildMark, how: Parting): Promise<void> {
  const { times, clock, signal, what, log } = how;
  const now = await processStamp(pid);
  if ((now !== undefined && now !== stamp) || !(await isGroupAlive(pid))) return;
  // Those that made a group of their own are found by their parents alone, as long as these live.
  const below = now === stamp ? await descendantsOf(pid) : [];
  const isGone = async () => !(await isGroupAlive(pid));
  log(`${what} of an earlier run still works (pid ${pid})`);
  let gone = await within(times.patienceMs, isGone, clock, signal);
  // Without their leader it is not sure whose the others are: they are waited for and left alone.
  for (const end of ["SIGTERM", "SIGKILL"] as const) {
    if (gone || signal.aborted || (await processStamp(pid)) !== stamp) break;
    log(`${what} of an earlier run does not end (pid ${pid}): ${end}`);
    for (const one of [-pid, ...below]) signalTo(one, end);
    gone = await within(times.stepMs, isGone, clock, signal);
  }
}

async function within(
  ms: number,
  isSo: () => Promise<boolean>,
  clock: Clock,
  signal: AbortSignal,
): Promise<boolean> {
  for (let waited = 0; !(await isSo()); waited += lookMs)
    if (waited >= ms || !(await clock.sleep(lookMs, signal))) return false;
  return true;
}

/** A child leads a group of its own: what it started is in it. */
async function isGroupAlive(pid: number): Promise<boolean> {
  const members = await membersOf(pid);
  return members === undefined ? signalTo(-pid, 0) : members.length > 0;
}
