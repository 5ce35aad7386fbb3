import { describe, expect, it } from "vitest";
import { fakeTurn } from "../../../test/support/agent-turn.js";
import { clientTools } from "./index.js";
import { readTime } from "./schedule-time.js";

const berlin = "Europe/Berlin";
const now = Date.parse("2026-05-09T06:14:02Z");

async function asked(input: Record<string, unknown>) {
  const turn = { ...fakeTurn("hi", { now }), zone: berlin };
  const { text, isError } = await clientTools(turn).call("schedule", input);
  return { scheduled: turn.scheduled, answer: isError ? text : JSON.parse(text) };
}

describe("readTime", () => {
  it.each([
    ["2026-05-09T18:00:00+01:00", "2026-05-09T17:00:00.000Z"],
    ["2026-05-09T17:00", "2026-05-09T15:00:00.000Z"],
    ["2026-05-09 17:00:30", "2026-05-09T15:00:30.000Z"],
    ["17:00", "2026-05-09T15:00:00.000Z"],
    ["8:14", "2026-05-10T06:14:00.000Z"],
    // The clock is set forward and back.
    ["2027-03-28T02:30", "2027-03-28T01:30:00.000Z"],
    ["2026-10-25T02:30", "2026-10-25T00:30:00.000Z"],
  ])("%s", (text, at) => {
    expect(new Date(readTime(text, now, berlin)).toISOString()).toBe(at);
  });

  it("means the second of two when the first has passed", () => {
    const between = Date.parse("2026-10-25T01:00:00Z");
    expect(new Date(readTime("2026-10-25T02:30", between, berlin)).toISOString()).toBe(
      "2026-10-25T01:30:00.000Z",
    );
  });

  it.each(["tomorrow", "25:00", "2026-02-30T09:00", "2026-05-09", "", "17:00 UTC"])("refuses %j", (text) => {
    expect(() => readTime(text, now, berlin)).toThrow("must be a time");
  });
});

describe("the schedule tool", () => {
  it("takes a time of the day, and says both ways which it is", async () => {
    const { scheduled, answer } = await asked({ do: "add", text: "cook", at: "17:00" });
    expect(answer).toEqual({
      id: "s1",
      at: "2026-05-09T15:00:00.000Z",
      onTheClock: "2026-05-09 17:00 (Europe/Berlin)",
    });
    expect(scheduled).toMatchObject([{ text: "cook", dueAt: Date.parse("2026-05-09T15:00:00Z") }]);
  });

  it("repeats by a cron line on the user's clock, as a turn", async () => {
    const { scheduled, answer } = await asked({
      ...{ do: "add", text: "what is on today?", repeat: "0 7 * * MON-FRI", turn: true },
      ...{ at: "", id: "" },
    });
    expect(answer).toMatchObject({ at: "2026-05-11T05:00:00.000Z", repeat: "0 7 * * MON-FRI" });
    expect(scheduled).toMatchObject([{ repeat: "0 7 * * MON-FRI", turn: true }]);
  });

  const reminder = (index: number, text: string) => ({
    ...{ id: `a81f0c22${String(index).padStart(2, "0")}`, dueAt: now + index * 60_000, text },
    ...{ repeat: "0 7 * * MON-FRI", by: "Mia Wong" },
  });
  /** The list that a model is told. */
  async function listed(count: number, text: string) {
    const entries = Array.from({ length: count }, (_, index) => reminder(index, `${index} ${text}`));
    const turn = { ...fakeTurn("hi", { now, scheduled: entries }), zone: "America/Argentina/Buenos_Aires" };
    const { text: told } = await clientTools(turn).call("schedule", { do: "list" });
    return { entries, told, items: JSON.parse(told).items };
  }

  it("lists all that may be scheduled with their ids, however long their texts are (behaviour 6.6b)", async () => {
    for (const text of ["take the pills", "take the pills. ".repeat(50), '"\n'.repeat(300)]) {
      const { entries, told, items } = await listed(100, text);
      expect(items.map(({ id }: { id: string }) => id)).toEqual(entries.map(({ id }) => id));
      expect(items.map((each: { text: string }) => Number.parseInt(each.text, 10))).toEqual(
        entries.map((_, index) => index),
      );
      expect(told.length).toBeLessThanOrEqual(16_000 + '{"items":}'.length);
    }
  });

  it("shows texts whole where they fit", async () => {
    const { entries, items } = await listed(40, "call the dentist about the 30th");
    expect(items.map(({ text }: { text: string }) => text)).toEqual(entries.map(({ text }) => text));
    expect(items[0]).toMatchObject({ by: "Mia Wong", at: new Date(now).toISOString() });
  });

  it("counts what is left out where even that is too long", async () => {
    const { items } = await listed(300, "x".repeat(100));
    expect(items.at(-1)).toEqual({ leftOut: `${300 - (items.length - 1)} later ones` });
    expect(items.length).toBeGreaterThan(90);
  });

  it.each([
    [{ do: "add", text: "x", repeat: "0 7 * *" }, "five fields"],
    [{ do: "add", text: "x" }, "inMinutes, at or repeat, are needed"],
    [{ do: "add", text: " ", at: "17:00" }, "text, and"],
    [{ do: "add", text: "x", inMinutes: -1 }, "must lie ahead"],
    [{ do: "add", text: "x", at: "2028-01-01T00:00" }, "within a year"],
    [{ do: "cancel" }, "needs the id"],
  ])("refuses %j", async (input, why) => {
    expect((await asked(input)).answer).toMatch(why);
  });
});
