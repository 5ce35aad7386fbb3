import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Clock, endLeftBehind, type Log, messageOf, readMark, writeMark } from "../../platform/index.js";

/** How an agent that was left behind is ended: it has nobody to answer, so it is not waited for. */
const times = { patienceMs: 0, stepMs: 1000 };

/**
 * Which programs of agents run, on the disk. A gateway that is killed leaves them behind, in the middle of a turn: the next
 * one ends them before that turn runs again, so that nothing is done twice side by side (behaviour 6.2a).
 */
export class ChildRecords {
  readonly #folder: string;

  /** @param stateDir folder of the state, absolute */
  constructor(
    stateDir: string,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    this.#folder = join(stateDir, "agents", "children");
  }

  /** Writes down a program that was started; to be awaited before it is told what to do. */
  async keep(pid: number): Promise<void> {
    try {
      await writeMark(this.#pathOf(pid), pid);
    } catch (error) {
      this.log.warn(`a program of an agent cannot be recorded: ${messageOf(error)}`, { pid });
    }
  }

  /** The process is gone, with all that it started. */
  forget(pid: number): void {
    rmSync(this.#pathOf(pid), { force: true });
  }

  /** Ends what an earlier process left behind. @param signal ends the wait */
  async settle(signal: AbortSignal): Promise<void> {
    const parting = {
      times,
      clock: this.clock,
      signal,
      what: "the program of an agent",
      log: (line: string) => this.log.warn(line),
    };
    await Promise.all(
      this.#paths().map(async (path) => {
        const mark = readMark(path);
        if (mark) await endLeftBehind(mark, parting);
        if (!signal.aborted) rmSync(path, { force: true });
      }),
    );
  }

  #pathOf(pid: number): string {
    return join(this.#folder, `${pid}.json`);
  }

  #paths(): string[] {
    try {
      return readdirSync(this.#folder).map((name) => join(this.#folder, name));
    } catch {
      // Nothing was started yet.
      return [];
    }
  }
}
