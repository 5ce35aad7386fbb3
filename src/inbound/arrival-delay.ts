/** Rows that come within this time of each other came together, milliseconds. */
const togetherMs = 60_000;
/** Messages falls idle when nothing comes or goes for a while; only what was written after that says whether it did. */
const quietMs = 5 * 60_000;
/** So late after a quiet time is not the way of a message; milliseconds. */
const lateMs = 3 * 60_000;
/** What is later than this has another cause (a phone without a network, a Mac that slept); milliseconds. */
const mostMs = 60 * 60_000;
/** Quiet times in a row after which the first message has to come late, and how long they count, milliseconds. */
const needed = 3;
const countMs = 3 * 24 * 3600_000;

/** How late messages come that follow a quiet time; both in milliseconds, the time since the epoch. */
export interface UsualDelay {
  ms: number;
  /** When that was last seen. */
  at: number;
}

/** What came together after a quiet time. */
interface First {
  at: number;
  lateMs: number;
}

/**
 * Finds a Mac on which Messages falls idle: what is written after a quiet time comes late, each time (behaviour 9.5). A backlog
 * after an outage comes late once.
 */
export class ArrivalDelay {
  #activeAt: number | undefined;
  #firsts: First[] = [];
  #told = false;

  /** @param onChange told when messages begin to come late as a rule, with how late, and with undefined when they no longer do */
  constructor(private readonly onChange: (ms: number | undefined) => void = () => {}) {}

  /**
   * A row of somebody else came by itself.
   * @param sentAt by our clock @param receivedAt both in milliseconds since the epoch @param late milliseconds
   */
  came(sentAt: number, receivedAt: number, late: number): void {
    const last = this.#firsts.at(-1);
    const isTogether = last !== undefined && receivedAt - last.at < togetherMs;
    if (isTogether) last.lateMs = Math.max(last.lateMs, late);
    else if (this.#activeAt !== undefined && sentAt - this.#activeAt >= quietMs && late <= mostMs)
      this.#firsts = [...this.#firsts, { at: receivedAt, lateMs: late }].slice(-needed - 1);
    this.active(receivedAt);
    const usual = this.#usualOf(this.#firsts, receivedAt);
    if ((usual !== undefined) === this.#told) return;
    this.#told = usual !== undefined;
    this.onChange(usual?.ms);
  }

  /** Something of ours went out, which wakes Messages. @param at milliseconds since the epoch */
  active(at: number): void {
    this.#activeAt = Math.max(at, this.#activeAt ?? 0);
  }

  /** The clocks turned out to be others: what was measured with them says nothing. */
  forget(): void {
    this.#firsts = [];
  }

  /** What is usual now. @param at milliseconds since the epoch */
  usual(at: number): UsualDelay | undefined {
    return this.#usualOf(this.#firsts, at);
  }

  /** What was usual before a row came: neither it nor what came together with it speaks for itself. */
  usualBefore(receivedAt: number): UsualDelay | undefined {
    return this.#usualOf(
      this.#firsts.filter(({ at }) => receivedAt - at >= togetherMs),
      receivedAt,
    );
  }

  #usualOf(firsts: readonly First[], at: number): UsualDelay | undefined {
    const counted = firsts.slice(-needed).filter((first) => at - first.at < countMs);
    if (counted.length < needed || counted.some((first) => first.lateMs < lateMs)) return undefined;
    return { ms: Math.max(...counted.map((first) => first.lateMs)), at: counted.at(-1)!.at };
  }
}

/** The delay in one sentence. @param ms milliseconds */
export function delayText(ms: number): string {
  return `Messages falls idle: what is written after a quiet time comes up to ${Math.round(ms / 60_000)} minutes late`;
}

/** What helps. */
export const delayRemedy =
  'Keep Messages awake on the Mac: docs/deployment/local-mac.md, "Messages that falls idle". Until then such messages are answered late.';
