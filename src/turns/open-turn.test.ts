import { describe, expect, it } from "vitest";
import { Bench, context, dispatch, drop, item, row } from "../../test/contract/store/bench.js";
import { FakeClock } from "../../test/support/fake-clock.js";
import { rememberingLog } from "../../test/support/inbound-bench.js";
import { groupChat } from "../../test/support/message.js";
import { chatOf } from "../../test/support/send-bench.js";
import { compilePolicy } from "../access/index.js";
import type { HistoryQuery } from "../bridge/index.js";
import type { Attachment, Decision, MessageRow } from "../conversation/index.js";
import { type JournalEntry, openStore } from "../store/index.js";
import { openListening } from "./open-listening.js";
import { openTurn } from "./open-turn.js";
import type { TurnRules } from "./turn-rules.js";

const stores = new Bench(openStore);
const mine = chatOf(7, "+15550100123");
const group = groupChat(88);
const photo: Attachment = {
  ...{ path: "/a/photo.jpg", name: "photo.jpg", mimeType: "image/jpeg", uti: "public.jpeg" },
  ...{ bytes: 5, missing: false, isSticker: false },
};
const inGroup = (decision: Decision): Decision => ({ ...decision, treatedAs: "group" });
const byOwner = { ...dispatch, isOwner: true };

/** Journaled rows become turns as a gateway's would. */
async function opening(change: Partial<TurnRules> = {}) {
  const { store, claim } = await stores.claimed();
  const clock = new FakeClock(5_000_000);
  const queries: HistoryQuery[] = [];
  const { log, lines } = rememberingLog();
  let history: (query: HistoryQuery) => Promise<MessageRow[]> = async () => [];
  const bridge = {
    history: (query: HistoryQuery) => {
      queries.push(query);
      return history(query);
    },
  };
  const rules: TurnRules = {
    policy: compilePolicy({ accountId: "default", includeAttachments: true }),
    sessionOf: ({ chat }, bound) => ({
      agentId: bound?.agentId ?? "main",
      sessionKey: bound?.sessionKey ?? `s${chat.id}`,
      systemPrompt: "Be kind.",
    }),
    historyLimit: 10,
    isLimited: () => false,
    missedSummary: "off",
    queueMode: "followup",
    seedLimitOf: () => 0,
    ...change,
  };
  const journal = async (written: MessageRow, decision: Decision = dispatch): Promise<JournalEntry> => {
    const [id] = await store.journal.admit(claim, [written], "live", clock.now());
    await store.journal.decide(claim, id!, decision, clock.now());
    return (await store.journal.get(id!))!;
  };
  const deps = { store, claim, bridge, clock, log };
  const turn = async (...entries: JournalEntry[]) => {
    const opened = await openTurn(entries, rules, deps, clock.now());
    return opened && (await store.turns.get(opened.turnId))!;
  };
  const setHistory = (next: typeof history) => {
    history = next;
  };
  return { ...{ store, claim, clock, queries, lines, rules, deps, journal, turn, setHistory } };
}

const message = (rowId: number, change: Partial<MessageRow> = {}) =>
  row(rowId, { chat: mine, sender: "+15550100123", ...change });

describe("a turn", () => {
  it("has all that the envelope tells of its messages (behaviour 6.5a)", async () => {
    const { store, journal, turn, rules, deps } = await opening();
    const first = await journal(message(1, { senderName: "Mia", attachments: [photo], text: "look" }));
    const second = await journal(message(2, { preview: { rowId: 3, guid: "P" } as never, text: "and this" }));
    const opened = await turn(first, second);
    expect(opened).toMatchObject({ account: "default", sessionKey: "s7", agentId: "main", state: "queued" });
    expect(opened!.envelope).toEqual({
      version: 1,
      turnId: opened!.id,
      sessionKey: "s7",
      agentId: "main",
      channel: "imessage",
      accountId: "default",
      chat: {
        target: "chat_id:7",
        chatId: 7,
        guid: mine.guid,
        identifier: "+15550100123",
        name: "",
        isGroup: false,
        participants: ["+15550100123"],
      },
      sender: { handle: "+15550100123", isOwner: false },
      messages: [
        {
          sid: first.id.toString(36),
          guid: "GUID-1",
          rowId: 1,
          text: "look",
          sentAt: new Date(first.row.sentAt).toISOString(),
          attachments: [{ mimeType: "image/jpeg", bytes: 5, name: "photo.jpg" }],
        },
        {
          sid: second.id.toString(36),
          guid: "GUID-2",
          rowId: 2,
          text: "and this",
          sentAt: new Date(second.row.sentAt).toISOString(),
          attachments: [],
        },
      ],
      coalescedMessageGuids: ["GUID-1", "GUID-2", "P"],
      context: [],
      notes: [],
      systemPrompt: "Be kind.",
      text: "look\nand this",
    });
    expect((await store.journal.ofTurn(opened!.id)).map(({ id }) => id)).toEqual([first.id, second.id]);
    // Somebody else has the rows now.
    expect(await openTurn([first], rules, deps, 1)).toBeUndefined();
  });

  it("of somebody who is an owner in every message is an owner's, and of nobody else", async () => {
    const { journal, turn } = await opening();
    const isOwners = async (...decisions: Decision[]) => {
      const entries = [];
      for (const decision of decisions) {
        rows += 1;
        entries.push(await journal(message(rows), decision));
      }
      return (await turn(...entries))!.envelope.sender.isOwner;
    };
    let rows = 0;
    expect(await isOwners(byOwner, byOwner)).toBe(true);
    expect(await isOwners(byOwner, dispatch)).toBe(false);
    expect(await isOwners(dispatch)).toBe(false);
  });

  it("of a group has what was not answered since the last one, and no other chat's", async () => {
    const { journal, turn } = await opening();
    const kept = inGroup(context);
    await journal(message(1, { chat: group, text: "lunch?", senderName: "Mia", attachments: [photo] }), kept);
    await journal(message(2, { chat: groupChat(89), text: "of another group" }), kept);
    await journal(message(3, { text: "of a direct chat" }), drop);
    const asked = await journal(message(4, { chat: group, text: "bot?" }), inGroup(dispatch));
    const first = (await turn(asked))!;
    expect(first.envelope).toMatchObject({
      chat: { target: "chat_id:88", isGroup: true, name: "Climbing" },
      context: [
        {
          sender: "+15550100123",
          name: "Mia",
          text: "lunch?",
          guid: "GUID-1",
          attachments: [{ name: "photo.jpg" }],
        },
      ],
    });
    expect(first.envelope.context).toHaveLength(1);
    // It is told once.
    const again = await journal(message(5, { chat: group, text: "bot!" }), inGroup(dispatch));
    expect((await turn(again))!.envelope.context).toEqual([]);
  });

  it("has nothing that was kept of the chat that had its number in another database (behaviour 10.3b)", async () => {
    const { store, claim, clock, rules, journal, turn } = await opening({ missedSummary: "agent" });
    const family = { ...group, guid: "iMessage;+;chat111", identifier: "chat111", name: "Family" };
    const kept = inGroup(context);
    const loved = { targetGuid: "X", kind: "love", emoji: "", added: true };
    const told = (reason: "tapback" | "backlog") => ({
      ...inGroup(reason === "backlog" ? drop : context),
      reason,
    });
    const wrote = (rowId: number, chat: MessageRow["chat"]) =>
      message(rowId, { chat, text: `of ${chat.name}` });
    await journal(wrote(1, family), kept);
    await journal({ ...wrote(2, family), tapback: loved }, told("tapback"));
    await journal(wrote(3, family), told("backlog"));
    await journal(wrote(4, { ...group, guid: "any;+;chat640088" }), kept);
    await journal(wrote(5, { ...group, guid: "" }), kept);
    await journal({ ...wrote(6, group), tapback: loved }, told("tapback"));
    const { context: said, notes } = (await turn(
      await journal(message(7, { chat: group, text: "bot?" }), inGroup(dispatch)),
    ))!.envelope;
    expect(said.map(({ text }) => text)).toEqual(["of Climbing", "of Climbing"]);
    expect(notes).toEqual([expect.stringContaining("loved")]);
    // Neither has a turn that reads along.
    const old = await journal(wrote(8, family), kept);
    const heard = await journal(wrote(9, group), kept);
    await openListening([old, heard], rules, { store, claim }, clock.now());
    expect((await store.journal.get(old.id))!.turnId).toBeUndefined();
    const { turnId } = (await store.journal.get(heard.id))!;
    expect((await store.turns.get(turnId!))!.envelope.messages).toMatchObject([{ text: "of Climbing" }]);
  });

  it("tells nothing of files where none are taken in", async () => {
    const { journal, turn } = await opening({ policy: compilePolicy({ accountId: "default" }) });
    const opened = await turn(await journal(message(1, { attachments: [photo] })));
    expect(opened!.envelope.messages[0]!.attachments).toEqual([]);
  });

  it("is of the session that its conversation was bound to", async () => {
    const { store, journal, turn } = await opening();
    const binding = {
      account: "default",
      chatKey: "chat:7",
      sessionKey: "bound",
      agentId: "codex",
      createdAt: 1,
    };
    await store.bindings.bind({ ...binding, account: "work", sessionKey: "elsewhere" }, {});
    await store.bindings.bind(binding, {});
    expect(await turn(await journal(message(1)))).toMatchObject({ sessionKey: "bound", agentId: "codex" });
  });

  it("is told of what a budget holds back in its chat (behaviour 10.5)", async () => {
    const { store, claim, journal, turn, clock } = await opening();
    for (const [text, chatId] of [
      ["a", 7],
      ["b", 7],
      ["c", 8],
    ] as const)
      await store.outbox.add("default", item(text, chatId), clock.now());
    for (const { claim: send } of await store.outbox.take(claim, 9, clock.now())) {
      const error = { code: "PACED" as const, message: "held back: 20 messages" };
      await store.outbox.settle(send, { state: "retry", dueAt: clock.now() + 1000, error }, clock.now());
    }
    const [note] = (await turn(await journal(message(1))))!.envelope.notes;
    expect(note).toMatch(
      /^2 earlier messages to this chat did not go out yet, .*20 messages.* waits behind that\.$/,
    );
  });
});

describe("in queue mode collect", () => {
  it("a message goes into the turn that waits for its chat, whoever wrote it, with nobody's rights", async () => {
    const { store, journal, turn, rules, deps, clock } = await opening({ queueMode: "collect" });
    const first = (await turn(await journal(message(1, { text: "one" }), byOwner)))!;
    const elsewhere = (await turn(
      await journal(message(2, { chat: chatOf(8, "+15550100456"), text: "x" })),
    ))!;
    const second = await journal(message(3, { text: "two" }));
    expect(await openTurn([second], rules, deps, clock.now())).toEqual({
      ...{ turnId: first.id, sessionKey: "s7", account: "default", chat: "chat_id:7" },
    });
    expect((await store.turns.get(first.id))?.envelope).toMatchObject({
      ...{ text: "one\ntwo", sender: { isOwner: false }, coalescedMessageGuids: ["GUID-1", "GUID-3"] },
    });
    expect((await store.turns.get(elsewhere.id))?.envelope.text).toBe("x");
    // One that runs takes nothing in.
    await store.turns.claim("node", 9, clock.now());
    const third = (await turn(await journal(message(4, { text: "three" }))))!;
    expect(third.id).not.toBe(first.id);
    expect(third.envelope.text).toBe("three");
  });

  it("a message gets a turn of its own behind one that a session had in hand before", async () => {
    const { store, journal, turn, clock } = await opening({ queueMode: "collect" });
    const first = (await turn(await journal(message(1, { text: "one" }))))!;
    await store.turns.claim("died", 9, clock.now());
    await store.accounts.claim("other account", "next");
    const second = (await turn(await journal(message(2, { text: "two" }))))!;
    expect([second.id === first.id, second.envelope.text]).toEqual([false, "two"]);
    expect((await store.turns.get(first.id))?.envelope.text).toBe("one");
    expect((await turn(await journal(message(3, { text: "three" }))))!.id).toBe(second.id);
  });

  it("words that a command passed on are lost to no message that comes before or after them", async () => {
    const { store, journal, turn } = await opening({ queueMode: "collect" });
    const command: Decision = { ...dispatch, kind: "command", name: "acp" } as Decision;
    const passedOn = async (rowId: number, words: string) => {
      const entry = await journal(message(rowId, { text: `/acp steer ${words}` }), command);
      return (await turn({ ...entry, row: { ...entry.row, text: words }, decision: dispatch }))!;
    };
    const first = await passedOn(1, "left");
    const second = (await turn(await journal(message(2, { text: "two" }))))!;
    expect((await passedOn(3, "right")).id).toBe(second.id);
    const third = (await turn(await journal(message(4, { text: "four" }))))!;
    expect((await turn(await journal(message(5, { text: "five" }))))!.id).toBe(third.id);
    const texts = await Promise.all([first, second, third].map(({ id }) => store.turns.get(id)));
    expect(texts.map((each) => each?.envelope.text)).toEqual(["left", "two\nright", "four\nfive"]);
  });

  it("a message gets a turn of its own where the session's is another chat's, or together they would be cut", async () => {
    const { journal, turn } = await opening({
      queueMode: "collect",
      sessionOf: () => ({ agentId: "main", sessionKey: "shared" }),
    });
    const first = (await turn(await journal(message(1))))!;
    const other = (await turn(await journal(message(2, { chat: chatOf(8, "+15550100456") }))))!;
    expect(other.id).not.toBe(first.id);
    // What waits of others in between keeps it from its own no more than they from theirs.
    expect((await turn(await journal(message(5))))!.id).toBe(first.id);
    expect(
      (await turn(await journal(message(6, { chat: chatOf(8, "+15550100456") }))))!.envelope.messages,
    ).toHaveLength(2);
    const long = (await turn(await journal(message(3, { text: "x".repeat(3990) }))))!;
    const more = (await turn(await journal(message(4, { text: "y".repeat(10) }))))!;
    expect(more.id).not.toBe(long.id);
  });
});

describe("a new session", () => {
  const seeded = (setHistory: (next: () => Promise<MessageRow[]>) => void) =>
    setHistory(async () => [
      message(9, { text: "the message itself" }),
      message(8, { text: "third", fromMe: true, senderName: "Mia" }),
      message(7, { text: "" }),
      message(6, { text: "second", senderName: "Mia" }),
      message(5, { text: "first" }),
    ]);

  it("begins with what was said before, as much as the settings have it", async () => {
    const { journal, turn, queries, setHistory } = await opening({ seedLimitOf: () => 2 });
    seeded(setHistory);
    const opened = await turn(await journal(message(9)));
    expect(queries).toEqual([{ chatId: 7, limit: 9 }]);
    expect(opened!.envelope.context.map(({ sender, name, text }) => [sender, name, text])).toEqual([
      ["+15550100123", "Mia", "second"],
      ["me", undefined, "third"],
    ]);
    // It is new once.
    const next = await turn(await journal(message(10)));
    expect(next!.envelope.context).toEqual([]);
    expect(queries).toHaveLength(1);
  });

  it("begins with as little as one message, in the first chat of a Mac too, and in a chat without a number with none", async () => {
    const { journal, turn, queries, setHistory } = await opening({ seedLimitOf: () => 1 });
    seeded(setHistory);
    const first = await turn(await journal(message(9, { chat: chatOf(1, "+15550100123") })));
    expect(queries).toEqual([{ chatId: 1, limit: 7 }]);
    expect(first!.envelope.context.map(({ text }) => text)).toEqual(["third"]);
    const other = await turn(await journal(message(10, { chat: chatOf(0, "+15550100999") })));
    expect([other!.envelope.context, queries.length]).toEqual([[], 1]);
  });

  it("of a group, and where nothing is asked for, begins without", async () => {
    const one = await opening({ seedLimitOf: () => 2 });
    seeded(one.setHistory);
    await one.turn(await one.journal(message(9, { chat: group }), inGroup(dispatch)));
    expect(one.queries).toEqual([]);
    await stores.clear();
    const other = await opening();
    await other.turn(await other.journal(message(9)));
    expect(other.queries).toEqual([]);
  });

  it("begins without what cannot be read, or not in time", async () => {
    const failing = await opening({ seedLimitOf: () => 2 });
    failing.setHistory(() => Promise.reject(new Error("locked")));
    expect((await failing.turn(await failing.journal(message(9))))!.envelope.context).toEqual([]);
    expect(failing.lines).toEqual(["warn: a new session starts without its history: locked"]);
    await stores.clear();
    const slow = await opening({ seedLimitOf: () => 2 });
    slow.setHistory(() => new Promise(() => {}));
    const entry = await slow.journal(message(9));
    let isOpen = false;
    const opened = slow.turn(entry).finally(() => {
      isOpen = true;
    });
    await slow.clock.advance(4999);
    expect(isOpen).toBe(false);
    await slow.clock.advanceUntil(() => isOpen, 1);
    expect((await opened)!.envelope.context).toEqual([]);
    expect(slow.clock.waiting).toBe(0);
  });
});

describe("what an agent is told beside the messages (behaviour 9.8)", () => {
  const heart = { kind: "love", emoji: "❤️", added: true, targetGuid: "GUID-1" };

  it.each<[Partial<MessageRow>, string]>([
    [{ tapback: heart }, 'Mia loved "see you"'],
    [{ tapback: { ...heart, added: false } }, 'Mia removed ❤️ from "see you"'],
    [{ tapback: { ...heart, emoji: "", added: false } }, 'Mia removed a tapback from "see you"'],
    [{ tapback: { ...heart, kind: "custom", emoji: "🎉" } }, 'Mia reacted with 🎉 to "see you"'],
    [{ tapback: { ...heart, kind: "unknown", emoji: "" } }, 'Mia reacted with a tapback to "see you"'],
    [{ tapback: { ...heart, kind: "laugh" } }, 'Mia laughed at "see you"'],
    [{ tapback: { ...heart, kind: "dislike" } }, 'Mia disliked "see you"'],
    [{ tapback: { ...heart, kind: "emphasis" } }, 'Mia emphasized "see you"'],
    [{ tapback: { ...heart, kind: "question" } }, 'Mia questioned "see you"'],
    [{ tapback: { ...heart, kind: "sticker" } }, 'Mia put a sticker on "see you"'],
    [{ tapback: { ...heart, kind: "sticker", added: false } }, 'Mia took a sticker off "see you"'],
    [{ tapback: { ...heart, targetGuid: "GUID-77" } }, "Mia loved a message"],
    [{ tapback: { ...heart, targetGuid: "GUID-2" } }, "Mia loved a picture"],
    [{ tapback: heart, senderName: "" }, '+15550100123 loved "see you"'],
    [
      {
        poll: {
          kind: "vote",
          question: "When?",
          votes: [{ option_text: "Friday" }, { option_text: "7 pm" }],
        },
      },
      'Mia voted for "Friday", "7 pm" in the poll "When?"',
    ],
    [{ poll: { kind: "vote", vote: { option_text: "Friday" } } }, 'Mia voted for "Friday" in a poll'],
    [{ poll: { kind: "vote" } }, "Mia voted in a poll"],
  ])("%j", async (change, wanted) => {
    const { store, claim, journal, turn, clock } = await opening();
    await journal(message(1, { text: "see you\non Friday" }), drop);
    await journal(message(2, { text: "", attachments: [photo] }), drop);
    const events: MessageRow[] = [
      message(3, { text: "", senderName: "Mia", ...change }),
      message(4, { text: "", chat: chatOf(8, "+15550100456"), tapback: heart }),
    ];
    for (const event of events) {
      const [id] = await store.journal.admit(claim, [event], "live", clock.now());
      const reason = event.poll ? ("poll_vote" as const) : ("tapback" as const);
      await store.journal.decide(claim, id!, { ...context, treatedAs: "direct", reason }, clock.now());
    }
    const opened = (await turn(await journal(message(5, { text: "so?" }))))!;
    expect(opened.envelope.notes).toEqual([wanted]);
    // It is told once.
    expect((await turn(await journal(message(6))))!.envelope.notes).toEqual([]);
  });
});
