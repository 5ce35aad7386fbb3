import type { VirtualClock } from "../../src/testing/index.js";
import type { Lives } from "./lives.js";
import { NodeProcess } from "./node-process.js";

/** The lives of all gateways of a run. */
export class AllLives {
  /**
   * @param all of each gateway
   * @param tick told whenever time has passed
   */
  constructor(
    readonly all: readonly Lives[],
    private readonly clock: VirtualClock,
    private readonly tick: () => void,
  ) {}

  /** Time passes; a gateway that ended is started again when its time has come. @param isOver ends it before */
  async pass(ms: number, isOver: () => boolean): Promise<void> {
    const { clock } = this;
    const end = clock.now() + ms;
    const isDue = (by: number) =>
      this.all.find(({ restartAt = Number.POSITIVE_INFINITY }) => restartAt <= by);
    while (!isOver()) {
      await isDue(clock.now())?.begin();
      const down = this.#down;
      const until = Math.min(end, ...this.all.map(({ restartAt = end }) => Math.max(restartAt, clock.now())));
      await clock.advance(until - clock.now(), () => this.#down !== down || isOver());
      if (clock.now() >= end && isDue(end) === undefined) break;
    }
    this.tick();
  }

  /** Each begins, one after the other. */
  async begin(): Promise<void> {
    for (const lives of this.all) await lives.begin();
  }

  /** Begins one wherever there is none. */
  async revive(): Promise<void> {
    for (const lives of this.all) await lives.revive();
  }

  /** Stops them in order. @param downMs until they are started again; absent: they are not */
  async stop(downMs?: number): Promise<void> {
    for (const lives of this.all) await lives.stop(downMs);
  }

  /** Nothing more happens to any of them. */
  disarm(): void {
    for (const lives of this.all) lives.disarm();
  }

  /** A crash point is passed, by the process in which this is told. */
  passed(point: string): void {
    this.all[NodeProcess.present?.node ?? 0]!.passed(point);
  }

  /** What some dead life had still to say reaches the store. */
  async lateWords(): Promise<void> {
    for (const lives of this.all) await lives.lateWords();
  }

  /** Which of them are down, as a mark to compare. */
  get #down(): string {
    return this.all.map(({ restartAt }) => restartAt !== undefined).join();
  }
}
