import { describe, expect, it } from "vitest";
import { Bench, item, row } from "../../test/contract/store/bench.js";
import { groupChat } from "../../test/support/message.js";
import { chatOf } from "../../test/support/send-bench.js";
import type { Bridge, HistoryQuery } from "../bridge/index.js";
import type { Attachment, Chat, MessageRow, Target } from "../conversation/index.js";
import { type NewOutboxItem, openStore } from "../store/index.js";
import { reconcile } from "./reconcile.js";

const bench = new Bench(openStore);
const mine = chatOf(7, "+15550100123");
const theirs = chatOf(8, "+15550100456");

/** A send in doubt, handed over when row 50 was the newest, and a Mac that shows these rows in these chats. */
async function doubted(what: Partial<NewOutboxItem>, rows: MessageRow[], chats: Chat[] = [mine, theirs]) {
  const { store, claim } = await bench.claimed();
  await store.accounts.setCursor(claim, 50);
  await store.outbox.add("default", { ...item("the answer"), ...what }, 1000);
  const [taken] = await store.outbox.take(claim, 1, 1000);
  const queries: HistoryQuery[] = [];
  let asked = 0;
  const bridge = {
    chats: async () => {
      asked++;
      return chats;
    },
    history: async (query: HistoryQuery) => {
      queries.push(query);
      const found = rows.filter(({ chat }) => chat.id === query.chatId);
      return found.toSorted((a, b) => b.sentAt - a.sentAt || b.rowId - a.rowId).slice(0, query.limit);
    },
  } as unknown as Bridge;
  const look = () => reconcile(taken!.item, bridge, store, 9000);
  return { store, claim, taken: taken!, look, queries, chatsAsked: () => asked };
}

const own = (rowId: number, text: string, more: Partial<MessageRow> = {}) =>
  row(rowId, { fromMe: true, text, chat: mine, ...more });

describe("a send in doubt (behaviour 10.1)", () => {
  it("is stored where its row stands in the chat, which is the first place to look", async () => {
    const { look, queries, chatsAsked } = await doubted({}, [own(51, "the answer")]);
    expect(await look()).toEqual({ state: "stored", guid: "GUID-51", rowId: 51 });
    expect(queries).toEqual([{ chatId: 7, limit: 60, attachments: false }]);
    expect(chatsAsked()).toBe(0);
  });

  /** What was written in the chat before, a second apart; the Mac's clock is set back then, and the row of the send is dated among it. */
  const setBack = (before: number) => [
    ...Array.from({ length: before }, (_, n) => own(50 - n, `earlier ${n}`, { sentAt: 900_000 - n * 1000 })),
    own(51, "the answer", { sentAt: 900_000 - 40_500 }),
  ];

  it("is found where the Mac's clock was set back, and its row is dated before others", async () => {
    const { look, queries } = await doubted({}, setBack(48));
    expect(await look()).toMatchObject({ state: "stored", rowId: 51 });
    expect(queries).toHaveLength(1);
  });

  it("is found there also where much was written since", async () => {
    const later = Array.from({ length: 80 }, (_, n) => own(100 + n, `later ${n}`, { sentAt: 950_000 + n }));
    const { look } = await doubted({}, [...setBack(48), ...later]);
    expect(await look()).toMatchObject({ state: "stored", rowId: 51 });
  });

  it("is found behind what is dated among the rows before it", async () => {
    const earlier = Array.from({ length: 80 }, (_, n) =>
      own(50 - n, `earlier ${n}`, { sentAt: 900_000 - n * 1000 }),
    );
    const since = Array.from({ length: 20 }, (_, n) =>
      own(52 + n, `later ${n}`, { sentAt: 835_500 + n * 1000 }),
    );
    const { look } = await doubted({}, [...earlier, own(51, "the answer", { sentAt: 834_500 }), ...since]);
    expect(await look()).toMatchObject({ state: "stored", rowId: 51 });
  });

  it("is found among what was reported, where the history shows too much before it", async () => {
    const many = Array.from({ length: 49 }, (_, n) =>
      own(50 - n, `earlier ${n}`, { sentAt: 900_000 - n * 1000 }),
    );
    const older = Array.from({ length: 30 }, (_, n) => own(-n, `old ${n}`, { sentAt: 800_000 - n * 1000 }));
    const sent = own(51, "the answer", { sentAt: 1000 });
    const { look, store, claim } = await doubted({}, [...many, ...older, sent]);
    expect((await look()).state).toBe("retry");
    await store.journal.admit(claim, [sent], "live", 3000);
    expect(await look()).toMatchObject({ state: "stored", rowId: 51 });
  });

  it.each<[string, MessageRow[]]>([
    ["somebody else's row", [row(51, { text: "the answer", chat: mine })]],
    ["a row from before it was handed over", [own(50, "the answer")]],
    ["a row with other words", [own(51, "another answer")]],
    ["a row of another person's chat", [own(51, "the answer", { chat: theirs })]],
    ["a row of a group", [own(51, "the answer", { chat: groupChat(9) })]],
  ])("is repeated over %s", async (_, rows) => {
    const { look } = await doubted({}, rows, [mine, theirs, groupChat(9)]);
    expect(await look()).toEqual({
      state: "retry",
      dueAt: 9000,
      error: { code: "NOT_FOUND_IN_HISTORY", message: "it never reached the chat" },
    });
  });

  it("is repeated over a row that another send had, and not over its own", async () => {
    const { store, claim, taken, look } = await doubted({}, [own(51, "the answer")]);
    await store.outbox.settle(taken.claim, { state: "stored", guid: "GUID-51", rowId: 51 }, 1000);
    expect(await look()).toMatchObject({ state: "stored", rowId: 51 });
    await store.outbox.add("default", item("the answer"), 1000);
    const [second] = await store.outbox.take(claim, 1, 1000);
    const bridge = { chats: async () => [mine], history: async () => [own(51, "the answer")] };
    expect(await reconcile(second!.item, bridge as unknown as Bridge, store, 9000)).toMatchObject({
      state: "retry",
    });
  });

  it("is unknown where a row may be it", async () => {
    const { look } = await doubted({}, [own(51, "")]);
    expect(await look()).toMatchObject({
      state: "unknown",
      error: { code: "OUTCOME_UNKNOWN", message: expect.stringContaining("may be this one") },
    });
  });

  it("is the row that surely has it, whatever else may be it", async () => {
    const { look } = await doubted({}, [own(51, ""), own(52, "the answer"), own(53, "")]);
    expect(await look()).toMatchObject({ state: "stored", rowId: 52 });
  });

  it("is looked for among more and more rows, until one from before it is seen", async () => {
    const others = Array.from({ length: 500 }, (_, index) => row(52 + index, { chat: mine }));
    const { look, queries } = await doubted({}, [...others, row(50, { chat: mine })], []);
    expect(await look()).toMatchObject({ state: "retry" });
    expect(queries.map(({ limit }) => limit)).toEqual([60, 240, 960]);
  });
});

describe("a file in doubt", () => {
  const file = { text: "", file: "/out/1/photo.jpg" };
  const attached = (name: string): Attachment =>
    ({ name, path: `/x/${name}`, mimeType: "image/jpeg", bytes: 1, missing: false }) as Attachment;

  it.each<[string, Partial<MessageRow>, string]>([
    ["its name", { text: "", attachments: [attached("photo.jpg")] }, "stored"],
    ["another name", { text: "", attachments: [attached("other.jpg")] }, "unknown"],
    ["the mark of a file that is not read yet", { text: "\ufffc" }, "unknown"],
    ["words alone", { text: "photo.jpg" }, "retry"],
  ])("is known by the row that has %s", async (_, change, state) => {
    const { look, queries } = await doubted(file, [own(51, "", change)]);
    expect(await look()).toMatchObject({ state });
    // Without its attachments a row of a file shows nothing.
    expect(queries[0]).toMatchObject({ attachments: true });
  });
});

describe("a recording in doubt that says a text", () => {
  const spoken = { text: "the answer", file: "/out/1/answer.m4a", voice: true };

  it.each<[string, Partial<MessageRow>, string]>([
    ["the text, which went in its place", { text: "the answer" }, "stored"],
    ["a recording, whatever it is called by now", { text: "\ufffc" }, "unknown"],
    ["other words", { text: "another answer" }, "retry"],
  ])("is judged by the row that has %s", async (_, change, state) => {
    const { look } = await doubted(spoken, [own(51, "", change)]);
    expect(await look()).toMatchObject({ state });
  });
});

describe("a question in doubt that went as a poll", () => {
  const poll = { question: "Send this to Mia?", options: ["Send", "Drop"] };
  const shown = (question: string): Partial<MessageRow> => ({ poll: { kind: "created", question } });

  it.each([
    ["the poll that asks it", own(51, "", shown(poll.question))],
    ["the text that asks the same", own(51, "the answer")],
  ])("is %s", async (_, found) => {
    const { look } = await doubted({ poll }, [found]);
    expect(await look()).toMatchObject({ state: "stored", rowId: 51 });
  });

  it("goes by its text next, where no such poll is there", async () => {
    const { look } = await doubted({ poll }, [own(51, "", shown("Dinner?"))]);
    expect(await look()).toMatchObject({ state: "retry", inDoubt: true });
  });
});

describe("a send to a person or a chat by name, in doubt", () => {
  const sms = chatOf(9, "+15550100123", "SMS");
  const chats = [mine, theirs, sms, groupChat(10)];

  it.each<[string, Target, number[]]>([
    ["a person's chats", { kind: "handle", handle: "+15550100123", service: "auto" }, [7, 9]],
    ["the chat with that GUID", { kind: "chat_guid", guid: groupChat(10).guid }, [10]],
    [
      "the chat with that identifier",
      { kind: "chat_identifier", identifier: groupChat(10).identifier },
      [10],
    ],
  ])("is looked for in %s alone", async (_, target, places) => {
    const { look, queries } = await doubted({ target, chatKey: "x" }, [], chats);
    expect(await look()).toMatchObject({ state: "retry" });
    expect(queries.map(({ chatId }) => chatId)).toEqual(places);
  });
});

it("goes by its GUID alone where it has one of ours", async () => {
  const { store, claim } = await bench.claimed();
  await store.accounts.setCursor(claim, 50);
  await store.outbox.add("default", item("the answer"), 1000);
  const [taken] = await store.outbox.take(claim, 1, 1000, () => true);
  const { attemptId } = taken!.item;
  const look = (guid: string) => {
    const bridge = { chats: async () => [mine], history: async () => [own(51, "the answer", { guid })] };
    return reconcile(taken!.item, bridge as unknown as Bridge, store, 9000);
  };
  expect(await look(attemptId!)).toMatchObject({ state: "stored", guid: attemptId });
  expect(await look("another")).toMatchObject({ state: "retry" });
});
