import { ownerNotices } from "../../outbound/index.js";
import {
  type Clock,
  crashPoint,
  type Log,
  longestWaitMs,
  messageOf,
  type StopTimer,
  WakeLatch,
} from "../../platform/index.js";
import type { Draft, Store } from "../../store/index.js";
import type { Drafts } from "./drafts.js";
import { linesOf } from "./question.js";
import { draftWords } from "./text.js";

/** Wait before the store is asked again after a failure, milliseconds. */
const retryMs = 1000;

export interface DraftWatchDeps {
  store: Store;
  clock: Clock;
  log: Log;
  drafts: Drafts;
}

/**
 * Drops drafts that nobody decided in time, and marks those that a newer message of their chat overtook; owners are told of
 * both in the same commit (behaviour 18.1). What came or fell due while nothing ran is found at the start.
 */
export class DraftWatch {
  #stopTimer: StopTimer = () => {};
  #unwatch = () => {};
  #isOver = false;
  /** Whether a draft could expire when it was last looked; what is held or voted on since then is looked at by itself. */
  #isHeld = false;
  readonly #latch = new WakeLatch(() => this.#look());

  constructor(private readonly deps: DraftWatchDeps) {}

  /** Begins to look. */
  start(): void {
    this.#isOver = false;
    this.#unwatch = this.deps.store.watch("drafts", () => this.#wake());
    this.#wake();
  }

  /** Somebody wrote: a draft may have been overtaken. */
  heard(): void {
    if (this.#isHeld) this.#wake();
  }

  /** Looks no more; what falls due waits for the next start. */
  async stop(): Promise<void> {
    this.#isOver = true;
    this.#unwatch();
    this.#stopTimer();
    await this.#latch.underWay;
  }

  #wake(): void {
    if (!this.#isOver) this.#latch.wake();
  }

  async #look(): Promise<void> {
    const { store, clock, log } = this.deps;
    this.#stopTimer();
    try {
      const next = await store.drafts.nextExpiry();
      this.#isHeld = next !== undefined;
      if (next === undefined || this.#isOver) return;
      for (const draft of await store.drafts.overtaken()) await this.#overtake(draft);
      for (const draft of await store.drafts.due(clock.now())) await this.#expire(draft);
      const then = await store.drafts.nextExpiry();
      if (then !== undefined) this.#wakeIn(then - clock.now());
    } catch (error) {
      log.error(`drafts cannot be looked at: ${messageOf(error)}`);
      this.#wakeIn(retryMs);
    }
  }

  #wakeIn(ms: number): void {
    if (this.#isOver) return;
    this.#stopTimer = this.deps.clock.after(Math.min(Math.max(ms, 0), longestWaitMs), () => this.#wake());
  }

  async #overtake(draft: Draft): Promise<void> {
    const { store, clock, drafts } = this.deps;
    const items = ownerNotices(await drafts.ownersOf(draft), draftWords.overtaken(draft));
    if (await store.drafts.overtake(draft.id, items, clock.now())) crashPoint("draft.overtaken");
  }

  async #expire(draft: Draft): Promise<void> {
    const { store, clock, log, drafts } = this.deps;
    const text = draftWords.expired(draft, draftWords.title(draft, await linesOf(draft.parts, store)));
    const items = ownerNotices(await drafts.ownersOf(draft), text);
    const ended = await store.drafts.expire(
      draft.id,
      { items, tell: draftWords.toldExpired(draft) },
      clock.now(),
    );
    if (ended === undefined) return;
    crashPoint("draft.expired");
    log.info("a draft was dropped: nobody said yes in time", { draft: draft.id });
  }
}
