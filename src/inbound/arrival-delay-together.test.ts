import { expect, it } from "vitest";
import { ArrivalDelay } from "./arrival-delay.js";

const minute = 60_000;
const hour = 60 * minute;

/** Three messages that came late after quiet times, an hour apart. @returns when the last came */
function fallenIdle() {
  const told: (number | undefined)[] = [];
  const delay = new ArrivalDelay((ms) => told.push(ms));
  delay.active(0);
  for (const hours of [1, 2, 3]) delay.came(hours * hour - 4 * minute, hours * hour, 4 * minute);
  return { told, delay, at: 3 * hour };
}

it("takes what comes within a minute for one, and what comes after it for the next", () => {
  const { told, delay, at } = fallenIdle();
  expect(told).toEqual([4 * minute]);
  // It comes with the last one, so it says how late that was, and nothing of its own.
  delay.came(at - 10 * minute, at + minute - 1, 11 * minute);
  expect(delay.usual(at + minute)).toEqual({ ms: 11 * minute, at });
  expect(delay.usualBefore(at + minute - 1)).toBeUndefined();
  expect(delay.usualBefore(at + minute)).toEqual({ ms: 11 * minute, at });
  // In time, but right after another: nothing was quiet.
  delay.came(at + minute, at + minute, 0);
  expect(delay.usual(at + minute)).toEqual({ ms: 11 * minute, at });
  expect(told).toEqual([4 * minute]);
});

it("is told that messages come in time again by the first that does after a quiet time", () => {
  const { told, delay, at } = fallenIdle();
  delay.came(at + 5 * minute - 1, at + 5 * minute - 1, 0);
  expect(told).toEqual([4 * minute]);
  delay.came(at + 10 * minute - 1, at + 10 * minute - 1, 0);
  expect(told).toEqual([4 * minute, undefined]);
  expect(delay.usual(at + hour)).toBeUndefined();
});

it("says nothing of what is later than an hour, and forgets after three days, or when the clocks were wrong", () => {
  const { told, delay, at } = fallenIdle();
  delay.came(at + hour, at + 2 * hour + 1, hour + 1);
  expect(delay.usual(at + 2 * hour)).toEqual({ ms: 4 * minute, at });
  expect(told).toEqual([4 * minute]);
  // The first of the three.
  const first = hour;
  expect(delay.usual(first + 72 * hour - 1)).toBeDefined();
  expect(delay.usual(first + 72 * hour)).toBeUndefined();
  delay.forget();
  expect(delay.usual(at)).toBeUndefined();
});
