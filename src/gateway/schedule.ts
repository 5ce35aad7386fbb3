import { formatTarget } from "../conversation/index.js";
import { ownerNotices } from "../inbound/index.js";
import { type Clock, crashPoint, type Log, messageOf } from "../platform/index.js";
import type { ScheduledMessage, Store } from "../store/index.js";

/** Timers cannot be longer than this (2^31 − 1 ms); a later message is looked at again then. */
const longestMs = 2_147_483_647;

export interface ScheduleDeps {
  store: Store;
  clock: Clock;
  log: Log;
  /** Owners of an account, in normal form. */
  owners: (account: string) => string[];
  /** How late a message of an account may still be sent, milliseconds. */
  lateMs: (account: string) => number;
}

/**
 * Hands scheduled messages to the outbox when they fall due; those that fell due while nothing ran, at the start. One
 * that is far too late by then is not sent but reported to the owners.
 */
export class ScheduleClock {
  #timer: NodeJS.Timeout | undefined;
  #unwatch = () => {};

  constructor(private readonly deps: ScheduleDeps) {}

  start(): void {
    this.#unwatch = this.deps.store.watch("schedule", () => this.#arm());
    this.#arm();
  }

  stop(): void {
    this.#unwatch();
    clearTimeout(this.#timer);
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const due = this.deps.store.schedule.nextDue();
    if (due === undefined) return;
    const wait = Math.min(Math.max(0, due - this.deps.clock.now()), longestMs);
    this.#timer = setTimeout(() => void this.#release(), wait);
  }

  async #release(): Promise<void> {
    const { store, clock, log } = this.deps;
    try {
      await this.#expire();
      await store.schedule.release(clock.now());
      crashPoint("schedule.released");
      this.#arm();
    } catch (error) {
      log.error("scheduled messages could not be handed over", { error: messageOf(error) });
      this.#timer = setTimeout(() => this.#arm(), 1000);
    }
  }

  async #expire(): Promise<void> {
    const { store, clock, log, owners, lateMs } = this.deps;
    const now = clock.now();
    for (const message of store.schedule.list()) {
      if (message.dueAt > now) return;
      if (now - message.dueAt <= lateMs(message.account)) continue;
      const text = textOf(message, now);
      log.warn("a scheduled message is too late and is not sent", {
        id: message.id,
        account: message.account,
        dueAt: new Date(message.dueAt).toISOString(),
      });
      const notices = ownerNotices(owners(message.account), text);
      await store.schedule.expire(message.id, notices, now);
    }
  }
}

function textOf({ dueAt, item }: ScheduledMessage, now: number): string {
  const minutes = Math.round((now - dueAt) / 60_000);
  const late = minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
  return `A scheduled message to ${formatTarget(item.target)} fell due ${late} ago, while nothing could send it. It was not sent: ${item.text ?? item.file ?? ""}`;
}
