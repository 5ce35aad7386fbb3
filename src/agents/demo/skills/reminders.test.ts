import { describe, expect, it } from "vitest";
import { type FakeTurnOptions, fakeTurn, runTurn } from "../../../../test/support/agent-turn.js";
import { createDemoAgent } from "../agent.js";

const zone = "Europe/Berlin";
const agent = createDemoAgent({ random: () => 0, zone });
/** 08:14:02 in Berlin. */
const now = Date.UTC(2026, 4, 9, 6, 14, 2);
const minute = 60_000;

async function ask(text: string, options: FakeTurnOptions = {}) {
  const turn = fakeTurn(text, { now, ...options });
  return { ...(await runTurn(agent, turn)), scheduled: turn.scheduled };
}

describe("reminders", () => {
  it.each([
    ["remind me in 5 minutes to stretch", now + 5 * minute, "stretch"],
    ["Remind me in 10 seconds to drink water.", now + 10_000, "drink water"],
    ["remind me to call mum in an hour", now + 60 * minute, "call mum"],
    ["please remind me in 1h 30m that the cake is done", now + 90 * minute, "the cake is done"],
    ["remind me in half an hour", now + 30 * minute, "you asked me to"],
    ["remind me in 2 hours and 5 min to go", now + 125 * minute, "go"],
    ["remind me at 18:30 to cook", Date.UTC(2026, 4, 9, 16, 30), "cook"],
    ["remind me at 7:05 to run", Date.UTC(2026, 4, 10, 5, 5), "run"],
    ["remind me to run at 7pm", Date.UTC(2026, 4, 9, 17, 0), "run"],
    ["remind me tomorrow at 9 to pay rent", Date.UTC(2026, 4, 10, 7, 0), "pay rent"],
    ["remind me at 12 am to sleep", Date.UTC(2026, 4, 9, 22, 0), "sleep"],
  ])("%s", async (text, dueAt, what) => {
    const { scheduled, text: answer } = await ask(text);
    expect(scheduled).toEqual([{ id: "s1", dueAt, text: `Reminder: ${what}` }]);
    expect(answer).toMatch(/^I will remind you at /);
  });

  it("counts wall time over a change of clocks", async () => {
    // Clocks go back in Berlin on 25 October 2026 at 03:00.
    const evening = Date.UTC(2026, 9, 24, 18, 0);
    const { scheduled } = await ask("remind me at 9:00 to wake up", { now: evening });
    expect(scheduled[0]!.dueAt).toBe(Date.UTC(2026, 9, 25, 8, 0));
  });

  // In Berlin the clock goes from 02:00 to 03:00 on 29 March 2026, and from 03:00 to 02:00 on 25 October 2026.
  it.each([
    ["the first of a time that comes twice", "2026-10-24T18:00Z", "2:30", "2026-10-25T00:30Z"],
    ["the second of it when the first is over", "2026-10-25T00:40Z", "2:30", "2026-10-25T01:30Z"],
    ["the first and last minute of it", "2026-10-24T18:00Z", "2:00", "2026-10-25T00:00Z"],
    ["what comes after it", "2026-10-24T18:00Z", "3:00", "2026-10-25T02:00Z"],
    ["an hour later for a time that does not come", "2026-03-28T18:00Z", "2:30", "2026-03-29T01:30Z"],
    ["what comes before it", "2026-03-28T18:00Z", "1:59", "2026-03-29T00:59Z"],
    ["what comes after a time that does not come", "2026-03-28T18:00Z", "3:00", "2026-03-29T01:00Z"],
  ])("at a change of the clock means %s", async (_, from, time, dueAt) => {
    const { scheduled } = await ask(`remind me at ${time} to look`, { now: Date.parse(from) });
    expect(scheduled.map((item) => item.dueAt)).toEqual([Date.parse(dueAt)]);
  });

  it.each([
    "remind me at 25:00 to x",
    "remind me to stretch",
    "remind me in 0 seconds to x",
    "remind me in 9999 days to x",
  ])("refuses %j", async (text) => {
    const { scheduled, text: answer } = await ask(text);
    expect(scheduled).toEqual([]);
    expect(answer).toMatch(/Tell me when|too soon|too far/);
  });

  it("lists and cancels by number", async () => {
    const scheduled = [
      { id: "b", dueAt: now + 20 * minute, text: "Reminder: later" },
      { id: "a", dueAt: now + 10 * minute, text: "Reminder: soon" },
    ];
    const listed = await ask("reminders", { scheduled });
    expect(listed.text).toBe("Reminders:\n1. 08:24:02: soon\n2. 08:34:02: later");
    expect((await ask("cancel reminder", { scheduled })).text).toMatch(/Which one/);
    expect((await ask("cancel reminder 1", { scheduled })).text).toBe("Cancelled: soon.");
    expect(scheduled.map((item) => item.id)).toEqual(["b"]);
    expect((await ask("cancel all reminders", { scheduled })).text).toBe("Cancelled: later.");
    expect((await ask("what reminders do I have?", { scheduled })).text).toBe("No reminders are set.");
  });

  it("does not set one twice when the turn runs again after a crash", async () => {
    const scheduled = [{ id: "s1", dueAt: now, text: "Reminder: stretch" }];
    const again = await ask("remind me in 5 minutes to stretch", { scheduled, attempt: 2 });
    expect(again.scheduled).toHaveLength(1);
  });

  it("keeps a failure of the schedule from the chat", async () => {
    const turn = fakeTurn("remind me in 5 minutes to stretch", { now });
    turn.schedule.add = () => Promise.reject(new Error("SQLITE_FULL /var/db"));
    const ran = await runTurn(agent, turn);
    expect(ran.text).not.toMatch(/SQLITE/);
    expect(ran.notes.join()).toMatch(/SQLITE_FULL/);
  });
});
