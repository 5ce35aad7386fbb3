import { afterAll, beforeAll, expect, it } from "vitest";
import { localDay } from "./local-time.js";

const zone = process.env.TZ;
beforeAll(() => {
  process.env.TZ = "Europe/Berlin";
});
afterAll(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

/** The days before a moment, each once. */
const daysBefore = (local: string) => [0, 1, 2, 3].map((ago) => localDay(new Date(local).getTime(), ago));

it("goes back by the calendar over a day of 23 hours and one of 25", () => {
  expect(daysBefore("2026-03-30T00:30")).toEqual(["2026-03-30", "2026-03-29", "2026-03-28", "2026-03-27"]);
  expect(daysBefore("2026-10-25T23:30")).toEqual(["2026-10-25", "2026-10-24", "2026-10-23", "2026-10-22"]);
  expect(daysBefore("2026-01-02T00:00")).toEqual(["2026-01-02", "2026-01-01", "2025-12-31", "2025-12-30"]);
});
