import type { Clock, Log } from "../platform/index.js";
import type { SeenSend, Store } from "../store/index.js";
import { ArrivalDelay, delayText, type UsualDelay } from "./arrival-delay.js";

/** Difference of the clocks from which people are told of it, milliseconds (behaviour 9.5). */
export const toldSkewMs = 60_000;
/** A row that took longer to come back says too little, milliseconds. */
const promptMs = 60_000;
/** Sends of earlier runs that are looked at. */
const looked = 20;
/** A clock may have been set since; a measurement is relied on for so long, milliseconds. */
const freshMs = 60 * 60_000;

/** How far the Mac's clock is ahead of ours (behind it when below 0), milliseconds, and when that was last seen. */
export interface Skew {
  ms: number;
  /** Milliseconds since the epoch, by our clock. */
  at: number;
}

/**
 * Rows carry the Mac's time, everything else ours (behaviour 9.5). The difference is measured on our own sends alone: a
 * message of somebody else that looks late may be late.
 */
export class MacClock {
  #skew: Skew | undefined;
  readonly #delay: ArrivalDelay;

  constructor(
    private readonly clock: Pick<Clock, "now">,
    private readonly log?: Pick<Log, "warn" | "info">,
  ) {
    this.#delay = new ArrivalDelay((ms) => {
      if (ms === undefined) log?.info("messages come in time again");
      else log?.warn(delayText(ms));
    });
  }

  /** Makes the clock of an account, with what the sends of earlier runs tell. */
  static async load(
    store: Store,
    account: string,
    clock: Pick<Clock, "now">,
    log?: Pick<Log, "warn" | "info">,
  ): Promise<MacClock> {
    const mac = new MacClock(clock, log);
    for (const sent of await store.accounts.seenSends(account, looked)) mac.measure(sent);
    return mac;
  }

  /** @returns undefined before the first measurement */
  get skew(): Skew | undefined {
    return this.#skew;
  }

  /** How late messages come that follow a quiet time, where they do so as a rule; undefined elsewhere. */
  get delay(): UsualDelay | undefined {
    return this.#delay.usual(this.clock.now());
  }

  /** As {@link delay}, as it was known before a row came. @param receivedAt milliseconds since the epoch */
  delayBefore(receivedAt: number): UsualDelay | undefined {
    return this.#delay.usualBefore(receivedAt);
  }

  /**
   * A row of somebody else came on a live subscription. Before the clocks were compared it says nothing: a Mac whose clock
   * is behind would seem to be late. Times in milliseconds since the epoch.
   * @param sentAt by the Mac's clock
   */
  came(sentAt: number, receivedAt: number): void {
    if (this.#skew) this.#delay.came(this.ours(sentAt), receivedAt, this.lateness(sentAt, receivedAt));
  }

  /**
   * The row was written between the moment when its send was handed over and the moment when it was seen; within that
   * nothing is known, so what was measured before is changed no more than needed.
   */
  measure({ takenAt, sentAt, receivedAt }: SeenSend): void {
    if (receivedAt < takenAt || receivedAt - takenAt > promptMs) return;
    this.#delay.active(receivedAt);
    const before = this.#skew?.ms ?? 0;
    const ms = Math.min(Math.max(before, sentAt - receivedAt), sentAt - takenAt);
    this.#skew = { ms, at: receivedAt };
    if (isTold(ms - before)) this.#delay.forget();
    if (isTold(ms) && !isTold(before)) this.log?.warn(skewText(ms));
    if (!isTold(ms) && isTold(before)) this.log?.info("the Mac's clock and this machine's agree again");
  }

  /** What the Mac's clock shows now. */
  now(): number {
    return this.theirs(this.clock.now());
  }

  /** A time of ours as the Mac's clock shows it; both in milliseconds since the epoch. */
  theirs(at: number): number {
    return at + (this.#skew?.ms ?? 0);
  }

  /** A row's time as our clock showed it. What lies ahead of that counts as now (Send Later, a wrong clock). */
  ours(sentAt: number): number {
    const now = this.clock.now();
    return Math.min(sentAt - (this.#skew?.ms ?? 0), now);
  }

  /** When a row was written, by our clock. What is only to be sent later was written when it came. @param receivedAt by ours */
  writtenAt({ sentAt, receivedAt }: { sentAt: number; receivedAt: number }): number {
    return Math.min(this.ours(sentAt), receivedAt);
  }

  /**
   * How late a row came, milliseconds. Where the measurement is an old one, the clocks may have been set since, and the
   * row counts as the younger: a person would wait for an answer in vain.
   */
  lateness(sentAt: number, receivedAt: number): number {
    const seeming = receivedAt - sentAt;
    if (!this.#skew) return seeming;
    const late = seeming + this.#skew.ms;
    return receivedAt - this.#skew.at > freshMs ? Math.min(seeming, late) : late;
  }
}

/** Whether people are told of a difference. */
export function isTold(ms: number): boolean {
  return Math.abs(ms) >= toldSkewMs;
}

/** The difference in one sentence. */
export function skewText(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / 60_000);
  const span = minutes === 1 ? "1 minute" : `${minutes} minutes`;
  return `the Mac's clock is ${span} ${ms > 0 ? "ahead of" : "behind"} this machine's; messages are answered all the same`;
}
