import { rmSync } from "node:fs";
import {
  type Clock,
  endLeftBehind,
  messageOf,
  type PartingTimes,
  readMark,
  writeMark,
} from "../../platform/index.js";

/** A child that was left behind ends by itself, for its stdin is closed: Messages answers a script within a few seconds if at all. */
export const orphanTimes: PartingTimes = { patienceMs: 15_000, stepMs: 500 };

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
    private readonly times: PartingTimes,
  ) {}

  /** Writes down a child that was started; to be awaited before it is told to send anything. */
  async keep(pid: number): Promise<void> {
    try {
      await writeMark(this.path, pid);
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
    const known = readMark(this.path);
    if (known === undefined) return;
    const { clock, log, times } = this;
    await endLeftBehind(known, { times, clock, signal, what: "imsg", log });
    if (!signal.aborted) this.forget();
  }
}
