import type { Clock, ClockScope } from "../../platform/index.js";
import { scopedClock } from "../../platform/index.js";

/** The process of a life: its time, and how what comes from outside reaches it. */
export interface LifeProcess {
  /** Its timers; they end with it. */
  readonly scope: ClockScope;
  /** Does something in it. */
  run<T>(act: () => T): T;
  /** Something comes from outside: it is done in it now, or when it goes on. */
  arrives(act: () => void): void;
}

/** A process that has this one for itself. @param aheadMs how far its time of day is ahead, milliseconds */
export function aloneProcess(clock: Clock, aheadMs?: () => number): LifeProcess {
  return { scope: scopedClock(clock, aheadMs), run: (act) => act(), arrives: (act) => act() };
}
