import { formatTarget } from "../conversation/index.js";
import { ownerNotices } from "../outbound/index.js";
import {
  type Clock,
  crashPoint,
  err,
  type Log,
  messageOf,
  ok,
  type Result,
  type StopTimer,
} from "../platform/index.js";
import type { ScheduledMessage, Store } from "../store/index.js";

/** Timers cannot be longer than this (2^31 − 1 ms); a later message is looked at again then. */
const longestMs = 2_147_483_647;
/** While messages wait for the end of quiet hours it is looked so often: the hours may be changed, milliseconds. */
const quietLookMs = 60_000;

/** Wait before the store is asked again after a failure, milliseconds. */
const retryMs = 1000;

export interface ScheduleDeps {
  store: Store;
  clock: Clock;
  log: Log;
  /** Owners of an account, in normal form. */
  owners: (account: string) => Promise<string[]>;
  /** How late a message of an account may still be sent, milliseconds. */
  lateMs: (account: string) => number;
  /** When the quiet hours of an account end that a moment lies in; undefined outside of them. */
  quietEnd: (account: string, at: number) => number | undefined;
}

/**
 * Hands scheduled messages to the outbox when they fall due, those of quiet hours at their end; those that fell due while
 * nothing ran, at the start. One that is far too late by then is not sent but reported to the owners.
 */
export class ScheduleClock {
  #stopTimer: StopTimer = () => {};
  /** Counts what sets the timer, so that an older look at the store never replaces a newer one. */
  #looks = 0;
  #unwatch = () => {};

  constructor(private readonly deps: ScheduleDeps) {}

  /** Releases what is due, and waits for the next. */
  start(): void {
    this.#unwatch = this.deps.store.watch("schedule", () => void this.#arm());
    void this.#arm();
  }

  /** Releases nothing more; the rest waits for the next start. */
  stop(): void {
    this.#unwatch();
    this.#looks++;
    this.#stopTimer();
  }

  /** @param quiet accounts that have something due which waits for the end of quiet hours */
  async #arm(quiet: string[] = []): Promise<void> {
    const look = ++this.#looks;
    const found = await this.#nextDue(quiet);
    if (look !== this.#looks) return;
    this.#stopTimer();
    if (!found.ok) {
      this.#stopTimer = this.deps.clock.after(retryMs, () => void this.#arm());
      return;
    }
    const due = found.value;
    if (due === undefined && quiet.length === 0) return;
    const until = due === undefined ? longestMs : Math.max(0, due - this.deps.clock.now());
    const wait = Math.min(until, quiet.length > 0 ? quietLookMs : longestMs);
    this.#stopTimer = this.deps.clock.after(wait, () => void this.#release());
  }

  async #release(): Promise<void> {
    const { store, clock, log } = this.deps;
    try {
      const quiet = await this.#quietAccounts();
      await this.#expire(quiet);
      await store.schedule.release(clock.now(), quiet);
      crashPoint("schedule.released");
      void this.#arm(quiet);
    } catch (error) {
      log.error("scheduled messages could not be handed over", { error: messageOf(error) });
      this.#stopTimer = clock.after(retryMs, () => void this.#arm());
    }
  }

  async #nextDue(quiet: string[]): Promise<Result<number | undefined, unknown>> {
    try {
      return ok(await this.deps.store.schedule.nextDue(quiet));
    } catch (error) {
      this.deps.log.error("scheduled messages cannot be read", { error: messageOf(error) });
      return err(error);
    }
  }

  async #quietAccounts(): Promise<string[]> {
    const { store, clock, quietEnd } = this.deps;
    const now = clock.now();
    const due = (await store.schedule.list()).filter(({ dueAt }) => dueAt <= now);
    const accounts = new Set(due.map(({ account }) => account));
    return [...accounts].filter((account) => quietEnd(account, now) !== undefined);
  }

  async #expire(quiet: string[]): Promise<void> {
    const { store, clock, log, owners, lateMs, quietEnd } = this.deps;
    const now = clock.now();
    for (const message of await store.schedule.list()) {
      if (message.dueAt > now) return;
      const mayGoAt = quietEnd(message.account, message.dueAt) ?? message.dueAt;
      if (quiet.includes(message.account) || now - mayGoAt <= lateMs(message.account)) continue;
      const text = textOf(message, now);
      log.warn("a scheduled message is too late and is not sent", {
        id: message.id,
        account: message.account,
        dueAt: new Date(message.dueAt).toISOString(),
      });
      const notices = ownerNotices(await owners(message.account), text);
      await store.schedule.expire(message.id, notices, now);
    }
  }
}

function textOf({ dueAt, item }: ScheduledMessage, now: number): string {
  const minutes = Math.round((now - dueAt) / 60_000);
  const late = minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
  return `A scheduled message to ${formatTarget(item.target)} fell due ${late} ago, while nothing could send it. It was not sent: ${item.text ?? item.file ?? ""}`;
}
