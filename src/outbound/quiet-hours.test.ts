import { afterEach, describe, expect, it } from "vitest";
import { quietHoursEnd } from "./quiet-hours.js";

const zone = process.env.TZ;
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

const endOf = (hours: string, local: string) => {
  const end = quietHoursEnd(hours, new Date(local).getTime());
  return end === undefined ? undefined : new Date(end).toISOString();
};
const at = (local: string) => new Date(local).toISOString();

describe("quietHoursEnd", () => {
  it.each([
    ["22:00-07:00", "2026-05-09T21:59:59", undefined],
    ["22:00-07:00", "2026-05-09T22:00:00", "2026-05-10T07:00:00"],
    ["22:00-07:00", "2026-12-31T23:59:59", "2027-01-01T07:00:00"],
    ["22:00-07:00", "2026-05-10T06:59:59", "2026-05-10T07:00:00"],
    ["22:00-07:00", "2026-05-10T07:00:00", undefined],
    ["12:30-14:00", "2026-05-10T12:29:00", undefined],
    ["12:30-14:00", "2026-05-10T12:30:00", "2026-05-10T14:00:00"],
    ["12:30-14:00", "2026-05-10T14:00:00", undefined],
    ["00:00-24:00", "2026-05-10T23:59:00", "2026-05-11T00:00:00"],
  ])("%s at %s", (hours, now, end) => {
    expect(endOf(hours, now)).toBe(end && at(end));
  });

  it("ends by the clock on the wall when the clock is set", () => {
    process.env.TZ = "Europe/Vienna";
    expect(endOf("22:00-07:00", "2026-03-28T23:00:00")).toBe("2026-03-29T05:00:00.000Z");
    expect(endOf("22:00-07:00", "2026-10-24T23:00:00")).toBe("2026-10-25T06:00:00.000Z");
    // 02:30 for the second time: the end at 02:45 still comes.
    expect(quietHoursEnd("22:00-02:45", Date.parse("2026-10-25T01:30:00Z"))).toBe(
      Date.parse("2026-10-25T01:45:00Z"),
    );
  });
});
