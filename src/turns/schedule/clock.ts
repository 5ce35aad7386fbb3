import type { Account } from "../../config/index.js";
import { ownerNotices, type TextRules } from "../../outbound/index.js";
import {
  type Clock,
  crashPoint,
  err,
  type Log,
  longestWaitMs,
  messageOf,
  ok,
  type Result,
  type StopTimer,
} from "../../platform/index.js";
import type { ScheduledMessage, ScheduledRun, Store } from "../../store/index.js";
import type { Drafts } from "../drafts/drafts.js";
import type { ScheduleMakers } from "./makers.js";
import { timesOf } from "./times-of.js";
import { endedText, itemsOf, tooLateText } from "./words.js";

/** Wait before the store is asked again after a failure, milliseconds. */
const retryMs = 1000;

/** What an account's settings say of what is scheduled there. */
export type ScheduleSettings = TextRules & { outbound: Pick<Account["outbound"], "ttlMinutes"> };

export interface ScheduleDeps {
  store: Store;
  clock: Clock;
  log: Log;
  makers: ScheduleMakers;
  /** Owners of an account, in normal form. */
  owners: (account: string) => Promise<string[]>;
  settingsOf: (account: string) => ScheduleSettings;
  /** When the quiet hours of an account end that a moment lies in; undefined outside of them. */
  quietEnd: (account: string, at: number) => number | undefined;
  /** Holds what has to wait for an owner's yes (behaviour 18.1). */
  drafts: Pick<Drafts, "holdScheduled">;
}

/**
 * Hands over what is scheduled when it falls due: messages to the outbox, turns to their queue; what falls due in quiet hours
 * at their end, what fell due while nothing ran at the start. What comes again was missed at most once then: the newest of the
 * times counts (behaviour 6.6b). One that is far too late by then is reported to the owners instead.
 */
export class ScheduleClock {
  #stopTimer: StopTimer = () => {};
  /** Counts what sets the timer, so that an older look at the store never replaces a newer one. */
  #looks = 0;
  #unwatch = () => {};
  #isOn = false;

  constructor(private readonly deps: ScheduleDeps) {}

  /** Hands over what is due, and waits for the next. */
  start(): void {
    this.#isOn = true;
    this.#unwatch = this.deps.store.watch("schedule", () => void this.#arm());
    void this.#arm();
  }

  /** An account is at work by now: what waited for it may go. */
  wake(): void {
    if (this.#isOn) void this.#arm();
  }

  /** Hands nothing more over; the rest waits for the next start. */
  stop(): void {
    this.#isOn = false;
    this.#unwatch();
    this.#looks++;
    this.#stopTimer();
  }

  /** @param held accounts that have something due which waits */
  async #arm(held: string[] = []): Promise<void> {
    if (!this.#isOn) return;
    const look = ++this.#looks;
    const found = await this.#nextDue(held);
    if (look !== this.#looks) return;
    this.#stopTimer();
    if (!found.ok) {
      this.#stopTimer = this.deps.clock.after(retryMs, () => void this.#arm());
      return;
    }
    const due = found.value;
    if (due === undefined && held.length === 0) return;
    // What waits for the end of quiet hours, or for its account, is looked at as often: both may change.
    const until = due === undefined ? longestWaitMs : Math.max(0, due - this.deps.clock.now());
    this.#stopTimer = this.deps.clock.after(Math.min(until, longestWaitMs), () => void this.#release());
  }

  async #release(): Promise<void> {
    const { store, clock, log } = this.deps;
    try {
      const now = clock.now();
      const due = (await store.schedule.list()).filter(({ dueAt }) => dueAt <= now);
      const held = this.#heldAccounts(due, now);
      for (const schedule of due) {
        // It may have been stopped while something was handed over.
        if (!this.#isOn) return;
        if (held.includes(schedule.account)) continue;
        const run = await this.#runOf(schedule, now);
        if (!run) {
          held.push(schedule.account);
          continue;
        }
        await store.schedule.hand(schedule, run, now);
        crashPoint("schedule.released");
      }
      void this.#arm(held);
    } catch (error) {
      log.error("what is scheduled could not be handed over", { error: messageOf(error) });
      if (!this.#isOn) return;
      this.#stopTimer = clock.after(retryMs, () => void this.#arm());
    }
  }

  async #nextDue(held: string[]): Promise<Result<number | undefined, unknown>> {
    try {
      return ok(await this.deps.store.schedule.nextDue(held));
    } catch (error) {
      this.deps.log.error("what is scheduled cannot be read", { error: messageOf(error) });
      return err(error);
    }
  }

  #heldAccounts(due: readonly ScheduledMessage[], now: number): string[] {
    const { makers, quietEnd } = this.deps;
    const accounts = new Set(due.map(({ account }) => account));
    return [...accounts].filter(
      (account) => !makers.isAtWork(account) || quietEnd(account, now) !== undefined,
    );
  }

  /** @returns undefined where its account has ended meanwhile, for which it waits */
  async #runOf(schedule: ScheduledMessage, now: number): Promise<ScheduledRun | undefined> {
    const { log, makers, quietEnd, settingsOf } = this.deps;
    const { id, account, repeat } = schedule;
    const about = { id, account, dueAt: new Date(schedule.dueAt).toISOString() };
    const { newest, next } = timesOf(schedule, now, log);
    const verdict = await makers.judge(schedule, newest);
    if (verdict.kind === "waits") return undefined;
    if (verdict.kind === "ended") {
      log.warn("a schedule ends: who made it is not let in any more", about);
      return { items: await this.#tell(account, endedText(schedule)) };
    }
    // A single message is refused on its way, and reported, like any other.
    if (verdict.kind === "stopped" && (repeat || schedule.runsTurn)) {
      log.info("a schedule is left out: who made it said STOP", about);
      return { items: [], next };
    }
    const mayGoAt = quietEnd(account, newest) ?? newest;
    if (now - mayGoAt > settingsOf(account).outbound.ttlMinutes * 60_000) {
      log.warn("what was scheduled is too late and is left out", about);
      return { items: await this.#tell(account, tooLateText(schedule, now - newest, next)), next };
    }
    if (verdict.kind === "runs" && verdict.turn) return { items: [], turn: verdict.turn, next };
    const items = itemsOf(schedule, newest, this.deps.settingsOf(account));
    const held = await this.deps.drafts.holdScheduled(schedule, items);
    return { ...(held ?? { items }), next };
  }

  async #tell(account: string, text: string) {
    return ownerNotices(await this.deps.owners(account), text);
  }
}
