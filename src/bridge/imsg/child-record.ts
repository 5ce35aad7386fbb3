import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { type Clock, messageOf, writeFileAtomic } from "../../platform/index.js";
import { membersOf, processStamp } from "./process-stamp.js";

/** Waits for a child that an earlier process left behind, milliseconds. */
export interface OrphanTimes {
  /** For it to finish by itself: its stdin is closed, so it ends when what it was told is done. */
  patienceMs: number;
  /** Between SIGTERM and SIGKILL. */
  stepMs: number;
}

/** Messages answers a script within a few seconds when it answers at all. */
export const orphanTimes: OrphanTimes = { patienceMs: 15_000, stepMs: 500 };

const lookMs = 100;

interface Recorded {
  pid: number;
  stamp: string;
}

/**
 * Which child runs, on the disk. A process that is killed leaves its child behind, in the middle of a send perhaps: the
 * next one must not look for that message before the child is gone, for it would find nothing and send it again
 * (behaviour 10.1). Of a remote child this knows the local end of the connection alone.
 */
export class ChildRecord {
  constructor(
    private readonly path: string,
    private readonly log: (line: string) => void,
    private readonly clock: Clock,
    private readonly times: OrphanTimes,
  ) {}

  /** Writes down a child that was started; to be awaited before it is told to send anything. */
  async keep(pid: number): Promise<void> {
    const stamp = await processStamp(pid);
    if (stamp === undefined) return;
    try {
      mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
      writeFileAtomic(this.path, `${JSON.stringify({ pid, stamp } satisfies Recorded)}\n`);
    } catch (error) {
      // On a full disk no send is begun either: it has to be on the disk first.
      this.log(`the imsg child cannot be recorded: ${messageOf(error)}`);
    }
  }

  /** The child is gone. */
  forget(): void {
    rmSync(this.path, { force: true });
  }

  /** Waits until the child of an earlier process and all it started are gone; ends them when that takes too long. */
  async settle(signal: AbortSignal): Promise<void> {
    const known = this.#read();
    if (known === undefined) return;
    const { pid } = known;
    const now = await processStamp(pid);
    // Another process has its number by now.
    if (now !== undefined && now !== known.stamp) return this.forget();
    if (!(await isGroupAlive(pid))) return this.forget();
    this.log(`imsg of an earlier run still works (pid ${pid}); waiting for it`);
    let isGone = await this.#isGoneWithin(pid, this.times.patienceMs, signal);
    // Without their leader it is not sure whose the others are: they are waited for and left alone.
    for (const end of ["SIGTERM", "SIGKILL"] as const) {
      if (isGone || signal.aborted || (await processStamp(pid)) !== known.stamp) break;
      this.log(`imsg of an earlier run does not end (pid ${pid}): ${end}`);
      signalTo(-pid, end);
      isGone = await this.#isGoneWithin(pid, this.times.stepMs, signal);
    }
    if (!signal.aborted) this.forget();
  }

  async #isGoneWithin(pid: number, ms: number, signal: AbortSignal): Promise<boolean> {
    for (let waited = 0; await isGroupAlive(pid); waited += lookMs)
      if (waited >= ms || !(await this.clock.sleep(lookMs, signal))) return false;
    return true;
  }

  #read(): Recorded | undefined {
    try {
      const { pid, stamp } = JSON.parse(readFileSync(this.path, "utf8")) as Partial<Recorded>;
      // 0 and 1 would be groups that are not a child's.
      return Number.isSafeInteger(pid) && pid! > 1 && typeof stamp === "string"
        ? { pid: pid!, stamp }
        : undefined;
    } catch {
      return undefined;
    }
  }
}

/** A child leads a group of its own: what it started is in it. */
async function isGroupAlive(pid: number): Promise<boolean> {
  const members = await membersOf(pid);
  return members === undefined ? signalTo(-pid, 0) : members.length > 0;
}

/** @returns whether there was somebody to take it */
function signalTo(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
