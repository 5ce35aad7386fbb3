import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Backoff, backoffTimes } from "./backoff.js";
import { fault } from "./faults.js";
import { Incidents } from "./incidents.js";

describe("the wait between restarts", () => {
  it("doubles from one second to one minute, and starts anew after five minutes of health", () => {
    const backoff = new Backoff(backoffTimes, () => 1);
    const waits = Array.from({ length: 8 }, () => backoff.next(0));
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
    expect(backoff.next(5 * 60_000 - 1)).toBe(60_000);
    expect(backoff.next(5 * 60_000)).toBe(1000);
  });

  it("is never below a second nor above a minute, whatever chance says", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { maxLength: 2000 }),
        (chances) => {
          let index = 0;
          const backoff = new Backoff(backoffTimes, () => chances[index++] ?? 0);
          for (const _ of chances) {
            const wait = backoff.next(0);
            expect(wait).toBeGreaterThanOrEqual(1000);
            expect(wait).toBeLessThanOrEqual(60_000);
          }
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe("an incident", () => {
  it("warns once for each kind of failure, until health ends it", () => {
    const incidents = new Incidents(backoffTimes, () => 0.5);
    const add = (code: "CHILD_EXITED" | "CHILD_HUNG", healthyMs = 0) => {
      const { id, first, attempt } = incidents.add(fault(code), healthyMs);
      return [id, first, attempt];
    };
    expect(add("CHILD_EXITED")).toEqual([1, true, 1]);
    expect(add("CHILD_EXITED", 1000)).toEqual([1, false, 2]);
    expect(add("CHILD_HUNG")).toEqual([1, true, 3]);
    expect(add("CHILD_EXITED")).toEqual([1, false, 4]);
    expect(add("CHILD_EXITED", 400_000)).toEqual([2, true, 1]);
  });
});
