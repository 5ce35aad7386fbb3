import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Bench, dispatch, row } from "../../test/contract/store/bench.js";
import { groupChat } from "../../test/support/message.js";
import { chatOf, SendBench } from "../../test/support/send-bench.js";
import { type NewOutboxItem, openStore } from "../store/index.js";

const mia = "+15550100123";
const day = 24 * 3600_000;
const stores = new Bench(openStore);
let bench: SendBench;

beforeEach(async () => {
  bench = await SendBench.of(stores);
  bench.answer = () => ({ ok: true, value: { rowId: 60 + bench.asked.length } });
  bench.settings = {
    ...bench.settings,
    ttlMs: 100 * day,
    manners: { unansweredLimit: 2, firstMessage: "plain" },
  };
  await bench.sender.start();
});
afterEach(async () => {
  await bench.sender.stop();
});

/** Sends one thing, a minute after the last. @returns its state, with the code of its error */
async function send(text: string, chatId = 7, change: Partial<NewOutboxItem> = {}): Promise<string> {
  await bench.clock.advance(60_000);
  const id = await bench.add(text, chatId, { initiative: "agent", ...change });
  await bench.clock.advanceUntil(() => ["stored", "not_sent"].includes(bench.statesOf(id).at(-1) ?? ""));
  const { state, error } = await bench.get(id);
  return error ? `${state} ${error.code}` : state;
}

async function writes(chatId: number, from: string, rowId: number): Promise<void> {
  const written = row(rowId, { from, chat: chatOf(chatId, from) });
  const [entry] = await bench.store.journal.admit(bench.claim, [written], "live", bench.clock.now());
  await bench.store.journal.decide(bench.claim, entry!, dispatch, bench.clock.now());
}

describe("who does not answer", () => {
  it("gets no more of an agent's own accord, until the person writes", async () => {
    expect(await send("one")).toBe("stored");
    expect(await send("two")).toBe("stored");
    expect(await send("three")).toBe("not_sent UNANSWERED");
    // Neither other people nor what is no initiative are touched.
    expect(await send("for somebody else", 8)).toBe("stored");
    expect(await send("an answer", 7, { initiative: undefined })).toBe("stored");
    expect(await send("by hand", 7, { initiative: undefined, origin: "person" })).toBe("stored");
    await writes(7, mia, 90);
    expect(await send("four")).toBe("stored");
    expect(await send("five")).toBe("stored");
    expect(await send("six")).toBe("not_sent UNANSWERED");
  });

  it("gets what is scheduled no more either, whoever made it", async () => {
    const scheduled = { initiative: undefined, origin: "schedule" as const };
    expect(await send("one", 7, scheduled)).toBe("stored");
    expect(await send("two", 7, { initiative: "owner" })).toBe("stored");
    expect(await send("three", 7, scheduled)).toBe("not_sent UNANSWERED");
  });

  it("is counted by what was said at once, not by its bubbles", async () => {
    await bench.clock.advance(1);
    for (const text of ["a", "b", "c", "d"]) await bench.add(text, 7, { initiative: "agent" });
    await bench.clock.advanceUntil(() => bench.sent.length === 4);
    expect(await send("two")).toBe("stored");
    expect(await send("three")).toBe("not_sent UNANSWERED");
  });

  it("may be an owner, who knows it, and 0 is off", async () => {
    bench.settings = { ...bench.settings, owners: new Set([mia]) };
    for (const text of ["one", "two", "three"]) expect(await send(text)).toBe("stored");
    expect(await send("one", 8)).toBe("stored");
    expect(await send("two", 8)).toBe("stored");
    expect(await send("three", 8)).toBe("not_sent UNANSWERED");
    bench.settings = { ...bench.settings, manners: { unansweredLimit: 0, firstMessage: "plain" } };
    expect(await send("three", 8)).toBe("stored");
  });
});

describe("a first message", () => {
  const kim = "+15550100789";
  const link = "Look: https://example.com";

  beforeEach(() => {
    bench.chats = [...bench.chats, chatOf(9, kim)];
    bench.settings = {
      ...bench.settings,
      isNamed: () => true,
      manners: { unansweredLimit: 0, firstMessage: "plain" },
    };
  });

  it("carries no links and files of an agent's own accord", async () => {
    expect(await send(link, 9)).toBe("not_sent FIRST_MESSAGE");
    expect(await send("Hello", 9)).toBe("stored");
    expect(await send(link, 9)).toBe("not_sent FIRST_MESSAGE");
    expect(await send("", 9, { file: "/a.png" })).toBe("not_sent FIRST_MESSAGE");
    // Who has written is no stranger, and what somebody asked for may go.
    expect(await send(link, 7)).toBe("stored");
    expect(await send(link, 9, { initiative: "owner" })).toBe("stored");
  });

  it("is over when the person writes, or a day later", async () => {
    expect(await send("Hello", 9)).toBe("stored");
    await bench.clock.advance(day + 60_000);
    expect(await send(link, 9)).toBe("stored");
    bench.chats = [...bench.chats, chatOf(10, "kim@example.com")];
    expect(await send(link, 10)).toBe("not_sent FIRST_MESSAGE");
    await writes(10, "kim@example.com", 91);
    expect(await send(link, 10)).toBe("stored");
  });

  it("is none where Messages has a conversation from before", async () => {
    bench.rows = [row(30, { from: kim, chat: chatOf(9, kim) })];
    expect(await send(link, 9)).toBe("stored");
  });

  it("is one although Messages has a conversation with somebody else, or a group with the person", async () => {
    bench.chats = [...bench.chats, groupChat(88)];
    bench.rows = [
      row(30, { from: "+15550100456", chat: chatOf(8, "+15550100456") }),
      row(31, { from: kim, chat: groupChat(88) }),
      // What was written to the person today is no conversation yet.
      row(32, { fromMe: true, chat: chatOf(9, kim), sentAt: bench.clock.now() }),
    ];
    expect(await send(link, 9)).toBe("not_sent FIRST_MESSAGE");
  });

  it("is none where the person wrote over another service", async () => {
    bench.chats = [...bench.chats, chatOf(11, kim, "SMS")];
    bench.rows = [row(30, { from: kim, chat: chatOf(11, kim, "SMS") })];
    expect(await send(link, 9)).toBe("stored");
  });

  it("is no place for a poll with a link, in its question or an answer, either", async () => {
    const poll = (question: string, option: string) => ({ poll: { question, options: ["No", option] } });
    expect(await send("Which?", 9, poll(link, "Yes"))).toBe("not_sent FIRST_MESSAGE");
    expect(await send("Which?", 9, poll("Which?", link))).toBe("not_sent FIRST_MESSAGE");
  });

  it("waits while Messages cannot be asked", async () => {
    const { history } = bench.bridge;
    let fails = 1;
    bench.bridge.history = async (query) => {
      if (fails-- > 0) throw new Error("locked");
      return history(query);
    };
    expect(await send(link, 9)).toBe("not_sent FIRST_MESSAGE");
    expect(bench.lines.join()).toContain("send is tried again: locked");
  });

  it("carries what the configuration lets it carry", async () => {
    bench.settings = { ...bench.settings, manners: { unansweredLimit: 0, firstMessage: "any" } };
    expect(await send(link, 9)).toBe("stored");
  });
});
