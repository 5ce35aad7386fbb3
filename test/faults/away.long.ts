import { expect, it, vi } from "vitest";
import { awayForHours } from "./harness/away.js";
import { everySend } from "./harness/sending.js";

vi.setConfig({ testTimeout: 120_000 });

// Small variants of away.faults.ts.
it("answers what came while it was away oldest first, over several starts", async () => {
  const { asked, problems, dropped } = await awayForHours(40, 20);
  expect(asked.map((texts) => texts.length)).toEqual([20, 20]);
  // Three people are answered side by side: the order holds within each.
  for (const person of [0, 1, 2]) {
    const numbers = asked.flat().map(numberOf);
    const mine = numbers.filter((number) => number % 3 === person);
    expect(mine).toEqual(mine.toSorted((a, b) => a - b));
  }
  expect([problems, dropped]).toEqual([[], {}]);
});

it("repeats no send that was not answered and loses none that was refused", async () => {
  const got = ["answer to q0", "answer to q1"];
  const unanswered = await everySend({ kind: "no-answer", method: "send" }, 2);
  expect(unanswered).toMatchObject({
    got: { "+15550100001": got, "sam@example.com": got },
    outbox: { stored: 4 },
  });
  const refused = await everySend({ kind: "send-error", method: "send", error: -1743 }, 2);
  expect(refused).toMatchObject({ outbox: { "not_sent PERMISSION_AUTOMATION": 4 }, reported: 4 });
});

function numberOf(text: string): number {
  return Number(/\d+/.exec(text)?.[0]);
}
