import { describe, expect, it } from "vitest";
import { awayForHours, backlog } from "./harness/away.js";
import { everySend, silentWatch } from "./harness/sending.js";

describe("twelve hours and 2,000 messages while away", () => {
  it("with catch-up each is answered once, oldest first", async () => {
    const { asked, problems, dropped } = await awayForHours(2000, 500);
    expect(asked.map((texts) => texts.length)).toEqual([500, 500, 500, 500]);
    // Three people are answered side by side: the order holds within each, and from start to start.
    for (const person of [0, 1, 2]) {
      const numbers = asked
        .flat()
        .map(numberOf)
        .filter((number) => number % 3 === person);
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    }
    for (const [start, texts] of asked.entries())
      expect(new Set(texts.map((text) => Math.floor(numberOf(text) / 500)))).toEqual(new Set([start]));
    expect([problems, dropped]).toEqual([[], {}]);
  });

  it("without catch-up none is answered, and the owner is told", async () => {
    const { asked, problems, dropped, told } = await awayForHours(2000, undefined);
    // What is older than a quarter of an hour is a backlog as well.
    const { backlog = 0, missed_offline = 0 } = dropped;
    expect([asked, problems, backlog + missed_offline]).toEqual([[[]], [], 2000]);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain("2000 messages");
  });
});

it("answers none of 10,000 old messages that come with fresh ids", async () => {
  const { asked, problems, dropped } = await backlog(10_000);
  expect(asked).toEqual([["q0 silent", "q1 plain", "q2 plain"]]);
  expect([problems, dropped]).toEqual([[], { backlog: 10_001, reinserted: 2 }]);
});

it("finds messages within 5 s under a subscription that says nothing", async () => {
  const { waitedMs, stalls } = await silentWatch(5);
  expect(waitedMs).toHaveLength(5);
  expect(stalls).toBeGreaterThan(0);
  // The quickest: a busy machine may hold up the others.
  expect(Math.min(...waitedMs)).toBeLessThanOrEqual(5000);
});

describe("every send goes wrong", () => {
  it("one row each when all time out after they landed", async () => {
    const got = Array.from({ length: 12 }, (_, n) => `answer to q${n}`);
    const { got: rows, outbox } = await everySend({ kind: "no-answer", method: "send" }, 12);
    expect([rows, outbox]).toEqual([{ "+15550100001": got, "sam@example.com": got }, { stored: 24 }]);
  });

  it("all are reported when all are refused", async () => {
    const result = await everySend({ kind: "send-error", method: "send", error: -1743 }, 100);
    expect(result.outbox).toEqual({ "not_sent PERMISSION_AUTOMATION": 200 });
    expect(result.reported).toBe(200);
  });
});

function numberOf(text: string): number {
  return Number(/\d+/.exec(text)?.[0]);
}
