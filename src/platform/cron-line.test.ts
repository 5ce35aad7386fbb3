import { describe, expect, it } from "vitest";
import { CronLine } from "./cron-line.js";

/** The first times of a line after a moment, to the minute. */
function times(line: string, zone: string, after: string, count: number): string[] {
  const cron = new CronLine(line, zone);
  const found: number[] = [];
  for (let at = Date.parse(after); found.length < count; found.push(at)) at = cron.next(at);
  return found.map((at) => new Date(at).toISOString().replace(":00.000", ""));
}

// The tables were worked out from tzdata with Python's zoneinfo.
const named: [line: string, zone: string, after: string, expected: string[]][] = [
  // 29 March: 02:00 is 03:00. 25 October: 03:00 is 02:00.
  [
    "30 2 * * *",
    "Europe/Berlin",
    "2026-03-27T12:00Z",
    ["2026-03-28T01:30Z", "2026-03-29T01:30Z", "2026-03-30T00:30Z", "2026-03-31T00:30Z"],
  ],
  [
    "30 2 * * *",
    "Europe/Berlin",
    "2026-10-23T12:00Z",
    ["2026-10-24T00:30Z", "2026-10-25T00:30Z", "2026-10-26T01:30Z", "2026-10-27T01:30Z"],
  ],
  [
    "0,30 2,3 * * *",
    "Europe/Berlin",
    "2026-03-28T03:00Z",
    ["2026-03-29T01:00Z", "2026-03-29T01:30Z", "2026-03-30T00:00Z", "2026-03-30T00:30Z", "2026-03-30T01:00Z"],
  ],
  [
    "0 7 * * MON-FRI",
    "Europe/Berlin",
    "2026-10-22T12:00Z",
    ["2026-10-23T05:00Z", "2026-10-26T06:00Z", "2026-10-27T06:00Z", "2026-10-28T06:00Z"],
  ],
  ["30 2 * * *", "Europe/Berlin", "2026-03-29T01:10Z", ["2026-03-29T01:30Z", "2026-03-30T00:30Z"]],
  ["30 2 * * *", "Europe/Berlin", "2026-10-25T01:10Z", ["2026-10-26T01:30Z", "2026-10-27T01:30Z"]],
  // 8 March: 02:00 is 03:00. 1 November: 02:00 is 01:00.
  [
    "30 2 * * *",
    "America/New_York",
    "2026-03-06T12:00Z",
    ["2026-03-07T07:30Z", "2026-03-08T07:30Z", "2026-03-09T06:30Z", "2026-03-10T06:30Z"],
  ],
  [
    "30 1 * * *",
    "America/New_York",
    "2026-10-30T12:00Z",
    ["2026-10-31T05:30Z", "2026-11-01T05:30Z", "2026-11-02T06:30Z", "2026-11-03T06:30Z"],
  ],
  [
    "0 9 * * 1",
    "America/New_York",
    "2026-03-01T12:00Z",
    ["2026-03-02T14:00Z", "2026-03-09T13:00Z", "2026-03-16T13:00Z"],
  ],
  [
    "0 9 * * 1",
    "America/New_York",
    "2026-10-24T12:00Z",
    ["2026-10-26T13:00Z", "2026-11-02T14:00Z", "2026-11-09T14:00Z"],
  ],
  // Midnight itself does not come.
  [
    "0 0 * * *",
    "America/Havana",
    "2026-03-06T12:00Z",
    ["2026-03-07T05:00Z", "2026-03-08T05:00Z", "2026-03-09T04:00Z", "2026-03-10T04:00Z"],
  ],
  // The clock is set by half an hour.
  [
    "15 2 * * *",
    "Australia/Lord_Howe",
    "2026-10-02T12:00Z",
    ["2026-10-02T15:45Z", "2026-10-03T15:45Z", "2026-10-04T15:15Z", "2026-10-05T15:15Z"],
  ],
];

/** By real time, through the hour that comes twice and past the one that does not come. */
const distances: typeof named = [
  [
    "*/30 * * * *",
    "Europe/Berlin",
    "2026-10-25T00:00Z",
    ["2026-10-25T00:30Z", "2026-10-25T01:00Z", "2026-10-25T01:30Z", "2026-10-25T02:00Z"],
  ],
  [
    "30 * * * *",
    "Europe/Berlin",
    "2026-03-29T00:00Z",
    ["2026-03-29T00:30Z", "2026-03-29T01:30Z", "2026-03-29T02:30Z"],
  ],
  [
    "0 */1 * * *",
    "America/New_York",
    "2026-11-01T04:00Z",
    ["2026-11-01T05:00Z", "2026-11-01T06:00Z", "2026-11-01T07:00Z"],
  ],
];

describe("CronLine", () => {
  it.each(named)("%s in %s after %s", (line, zone, after, expected) => {
    expect(times(line, zone, after, expected.length)).toEqual(expected);
  });

  it.each(distances)("goes on by real time: %s in %s after %s", (line, zone, after, expected) => {
    expect(times(line, zone, after, expected.length)).toEqual(expected);
  });

  it.each([...named, ...distances])("knows the last time too: %s in %s after %s", (line, zone, _, all) => {
    const cron = new CronLine(line, zone);
    for (const [index, time] of all.entries()) {
      const at = Date.parse(time);
      expect(new Date(cron.last(at)).toISOString()).toBe(new Date(at).toISOString());
      const next = Date.parse(all[index + 1] ?? "");
      if (!Number.isNaN(next)) expect(cron.last(next - 1)).toBe(at);
    }
  });

  it.each([
    ["* * * * * *", "it has five fields"],
    ["@daily", "it has five fields"],
    ["", "it has five fields"],
    ["61 * * * *", "minute: 61"],
    ["0 7 * * FOO", "illegal characters"],
    ["0 0 30 2 *", "such a day never comes"],
  ])("refuses %s", (line, why) => {
    expect(() => new CronLine(line, "UTC")).toThrow(why);
  });
});
