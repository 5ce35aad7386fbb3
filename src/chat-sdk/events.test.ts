import { createMockChatInstance, createMockState, matchers } from "@chat-adapter/tests";
import { type ChatInstance, emoji, type StateAdapter } from "chat";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { directMessage, groupMessage } from "../../test/support/message.js";
import type { Decision, MessageRow } from "../conversation/index.js";
import { createTapbackAdapter } from "./adapter.js";
import { Cards } from "./cards.js";
import type { Door } from "./door.js";
import { tellEvents } from "./events.js";
import { Occasions } from "./occasion.js";

expect.extend(matchers);

const adapter = createTapbackAdapter();
const like = { kind: "like", emoji: "👍", added: true, targetGuid: "TARGET" };
let chat: ChatInstance;
let state: StateAdapter;
let cards: Cards;
beforeEach(() => {
  vi.clearAllMocks();
  state = createMockState();
  chat = createMockChatInstance({ state });
  cards = new Cards(() => state);
});

/** Tells of rows that were decided so. */
async function tell(
  rows: MessageRow[],
  decision: Partial<Decision> = {},
  account = "default",
): Promise<void> {
  const decided = { kind: "context", reason: "tapback", treatedAs: "direct", ...decision } as Decision;
  async function* events() {
    for (const message of rows) yield { type: "decision" as const, account, message, decision: decided };
  }
  await tellEvents(events(), { adapter, chat, occasions: new Occasions(), cards });
  // What is told goes on beside the stream.
  await new Promise(setImmediate);
}

const onRow = (more: Partial<MessageRow>) => directMessage({ guid: "ROW", text: "", ...more });

describe("what people do to messages", () => {
  it("is heard where the gates let the agent know of it, once", async () => {
    const row = onRow({ tapback: like });
    await tell([row, row]);
    expect(chat).toHaveDispatched("processReaction");
    expect(chat.processReaction).toHaveBeenCalledTimes(1);
    expect(vi.mocked(chat.processReaction).mock.calls[0]?.[0]).toMatchObject({
      emoji: emoji.thumbs_up,
      rawEmoji: "👍",
      added: true,
      messageId: "TARGET",
      threadId: adapter.encodeThreadId({ account: "default", kind: "dm", name: row.sender }),
      user: { userId: row.sender, isMe: false },
    });
  });

  it("is not heard where the gates keep it from the agent, nor of what the account itself did", async () => {
    await tell([onRow({ tapback: like })], { kind: "drop" });
    await tell([onRow({ tapback: like, guid: "OWN", fromMe: true })]);
    await tell([directMessage({ text: "hello" })], { kind: "context" });
    expect(chat).not.toHaveDispatched("processReaction");
    expect(chat).not.toHaveDispatched("processMessage");
    expect(chat).not.toHaveDispatched("processAction");
  });

  it("has any emoji, and no stickers", async () => {
    await tell([
      onRow({ guid: "A", tapback: { ...like, kind: "custom", emoji: "🎉", added: false } }),
      onRow({ guid: "B", tapback: { ...like, kind: "sticker", emoji: "" } }),
      onRow({ guid: "C", tapback: { ...like, kind: "emphasis", emoji: "‼️" } }),
    ]);
    const told = vi.mocked(chat.processReaction).mock.calls.map(([event]) => [event.emoji.name, event.added]);
    expect(told).toEqual([
      ["party", false],
      ["exclamation", true],
    ]);
  });

  it("is heard in each account by itself, also where rows have no GUID", async () => {
    await tell([onRow({ tapback: like, guid: "", rowId: 1 }), onRow({ tapback: like, guid: "", rowId: 2 })]);
    expect(chat.processReaction).toHaveBeenCalledTimes(2);
    await tell([onRow({ tapback: like, guid: "", rowId: 2 })], {}, "work");
    expect(chat.processReaction).toHaveBeenCalledTimes(3);
  });

  it("is an edit or an unsend of a message", async () => {
    const change = { guid: "EDITED", kind: "edited" as const, before: "at 5", text: "at 6" };
    const row = groupMessage({ guid: "D", text: "", change });
    await tell([row, { ...row, guid: "E", change: { ...change, kind: "unsent", text: "" } }], {
      treatedAs: "group",
    });
    expect(chat).toHaveDispatched("processMessageUpdated");
    expect(chat).toHaveDispatched("processMessageDeleted");
    const [updated] = vi.mocked(chat.processMessageUpdated).mock.calls[0]!;
    expect(updated).toMatchObject({
      message: { id: "EDITED", text: "at 6" },
      previousMessage: { text: "at 5" },
    });
    expect(adapter.isDM(updated.threadId)).toBe(false);
    expect(vi.mocked(chat.processMessageDeleted).mock.calls[0]?.[0]).toMatchObject({ messageId: "EDITED" });
  });
});

describe("a vote", () => {
  const choices = [
    { label: "Yes", actionId: "yes", value: "1" },
    { label: "No", actionId: "no" },
  ];
  const door: Door = {
    say: async () => "TEXT",
    reply: async () => "REPLY",
    send: async () => "FILE",
    act: async () => ({ MessageSidFull: "Poll-1" }),
  };
  const voteOf = (poll: string, option: string, kind = "selected") =>
    onRow({
      guid: `${poll} ${option} ${kind}`,
      poll: { kind: "vote", original_guid: poll, votes: [{ option_text: option, event_type: kind }] },
    });

  it("in a poll of a card is its button", async () => {
    expect(await cards.offer(door, "thread", "Sure?", choices, "CARD")).toBe("CARD");
    await tell([voteOf("POLL-1", "Yes")]);
    expect(chat).toHaveDispatched("processAction");
    expect(vi.mocked(chat.processAction).mock.calls[0]?.[0]).toMatchObject({
      actionId: "yes",
      value: "1",
      messageId: "CARD",
    });
  });

  it("is nothing in another poll, for another option, and when it is taken back", async () => {
    await cards.offer(door, "thread", "Sure?", choices);
    await tell([voteOf("POLL-2", "Yes"), voteOf("POLL-1", "Perhaps"), voteOf("POLL-1", "Yes", "deselected")]);
    expect(chat).not.toHaveDispatched("processAction");
  });

  describe("in a poll that went later", () => {
    const thread = adapter.encodeThreadId({ account: "default", kind: "dm", name: onRow({}).sender });
    const buttons = (name: string) => ["Yes", "No"].map((label) => ({ label, actionId: `${name} ${label}` }));
    const asked = (poll: string, option: string, question?: string) => {
      const row = voteOf(poll, option);
      return { ...row, poll: { ...row.poll!, ...(question !== undefined && { question }) } };
    };
    const actions = () => vi.mocked(chat.processAction).mock.calls.map(([{ actionId }]) => actionId);

    it.each([
      ["for a limit", { ids: [7], queued: true, held: "too many" }, "outbox:7"],
      ["for an owner's yes", { held: "an owner is asked", draft: "D" }, "draft:D"],
    ])("because it waited %s, is its button; no list is posted beside", async (_, facts, id) => {
      const say = vi.fn(door.say);
      const waits = { ...door, say, act: async () => facts };
      expect(await cards.offer(waits, thread, "Sure?", choices)).toBe(id);
      // The run that a crash cut off asks once more.
      expect(await cards.offer(waits, thread, "Sure?", choices, "CARD")).toBe("CARD");
      expect(say).not.toHaveBeenCalled();
      await tell([asked("LATER", "Perhaps", "Sure?"), asked("OTHERS", "Yes", "Coffee?")]);
      expect(actions()).toEqual([]);
      await tell([asked("LATER", "Yes", "Sure?")]);
      await tell([asked("LATER", "No")]);
      // It is known now: another poll of these words is none of the card's.
      await tell([asked("AGAIN", "Yes", "Sure?")]);
      expect(actions()).toEqual(["yes", "no"]);
      expect(vi.mocked(chat.processAction).mock.calls[0]?.[0]).toMatchObject({ messageId: "CARD" });
    });

    it("is one of its own conversation, by what is asked and in the order of the cards", async () => {
      let ids = 0;
      const waits = { ...door, act: async () => ({ ids: [++ids], queued: true }) };
      await cards.offer(waits, "elsewhere", "First?", buttons("elsewhere"));
      await cards.offer(waits, thread, "First?", buttons("first"));
      await cards.offer(waits, thread, "Second?", buttons("second"));
      await cards.offer(waits, thread, "Third?", buttons("third"));
      await tell([asked("P2", "No", "Second?")]);
      await tell([asked("P1", "Yes")]);
      await tell([asked("P3", "Yes")]);
      expect(actions()).toEqual(["second No", "first Yes", "third Yes"]);
    });
  });
});
