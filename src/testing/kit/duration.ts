/** A time span; what is named is added up. */
export interface Duration {
  ms?: number;
  seconds?: number;
  minutes?: number;
  hours?: number;
  days?: number;
}

/** @returns milliseconds */
export function millisecondsOf({ ms = 0, seconds = 0, minutes = 0, hours = 0, days = 0 }: Duration): number {
  return ms + 1000 * (seconds + 60 * (minutes + 60 * (hours + 24 * days)));
}
