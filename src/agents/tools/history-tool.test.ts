import { describe, expect, it } from "vitest";
import { fakeTurn } from "../../../test/support/agent-turn.js";
import { actionNames } from "../../actions/index.js";
import { ok } from "../../platform/index.js";
import { historyTool } from "./history-tool.js";
import { clientTools } from "./index.js";

const past = (count: number, text: string) =>
  Array.from({ length: count }, (_, index) => ({
    sender: "Mia",
    text: `${index + 1} ${text}`,
    sentAt: "2026-05-08T10:00:00.000Z",
  }));
type Past = ReturnType<typeof past>;

function turnWith(entries: Past) {
  const turn = fakeTurn("what did Mia write last?", { offered: actionNames });
  turn.history = { recent: async () => entries, search: async () => entries };
  turn.message.act = async () => ok({ messages: entries });
  return turn;
}

/** What a model is told by the two ways to the past: all entries, and those of them that are messages. */
const ways = {
  history: async (entries: Past) => {
    const { text } = await clientTools(turnWith(entries)).call("history", {});
    expect(text.length).toBeLessThanOrEqual(4000 + '{"items":}'.length);
    return JSON.parse(text).items;
  },
  "message read": async (entries: Past) => {
    const { text } = await clientTools(turnWith(entries)).call("message", { action: "read" });
    expect(text.length).toBeLessThanOrEqual(4000);
    return JSON.parse(text).messages;
  },
};

describe.each(Object.entries(ways))("%s", (_way, told) => {
  it("shows all that fits as it is", async () => {
    const entries = [...past(4, "x".repeat(300)), ...past(1, "y".repeat(2000))];
    expect(await told(entries)).toEqual(entries);
  });

  it("leaves the oldest out of what is too long, and tells how many (behaviour 5.5a)", async () => {
    const entries = past(20, "x".repeat(300));
    const [first, ...kept] = await told(entries);
    expect(first).toEqual({ leftOut: "10 older messages" });
    expect(kept).toEqual(entries.slice(10));
  });

  it("shows what stands before a long message, too", async () => {
    const entries = [...past(30, "short"), ...past(1, "long ".repeat(2000))];
    const shown: Past = await told(entries);
    expect(shown.at(-1)?.text).toMatch(/^1 long .*…\[truncated\]$/s);
    expect(shown.at(-2)).toEqual(entries[29]);
  });

  it("cuts a message that is too long by itself no shorter than it has to be", async () => {
    const [shown]: Past = await told(past(1, "long ".repeat(2000)));
    expect(shown!.text.length).toBeGreaterThan(3500);
  });

  it("stays JSON whatever people write", async () => {
    const entries = past(3, '"\n\\\u0001👍🏽'.repeat(2000));
    const shown: Past = await told(entries);
    expect(shown.map(({ text }) => text[0])).toEqual(["1", "2", "3"]);
    expect(shown.map(({ text }) => text).join("")).not.toMatch(/\p{Surrogate}/u);
  });
});

it("gives programs, which have no bound, all of it", async () => {
  const entries = past(50, "x".repeat(300));
  expect(await historyTool().run({ limit: 50 }, turnWith(entries))).toEqual(entries);
});
