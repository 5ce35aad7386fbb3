import { describe, expect, it } from "vitest";
import { FakeClock } from "../../test/support/fake-clock.js";
import { intakeBenches, until } from "../../test/support/inbound-bench.js";
import { directChat, directMessage, groupMessage } from "../../test/support/message.js";
import type { MessageRow } from "../conversation/index.js";
import { settleMs, TypingChats, typingEndsMs } from "./typing.js";

const open = intakeBenches();
const mia = "+15550100123";
const tom = "+15550100124";

/** A bench on a clock of its own, with what people do in it. */
async function typing(settings: Parameters<typeof open>[0] = {}) {
  const clock = new FakeClock();
  const bench = await open({ clock, ...settings });
  const types = (from: string, on = true) =>
    bench.intake.told({ kind: "typing", chatGuid: `any;-;${from}`, on });
  const row = (from: string, text: string, change: Partial<MessageRow> = {}) =>
    bench.row(directMessage({ from, chat: { ...directChat(from), id: from === mia ? 7 : 8 } }), {
      text,
      ...change,
    });
  /** Waits until it is decided, so that what follows finds it in hand. */
  const says = async (from: string, text: string, change: Partial<MessageRow> = {}) => {
    const said = row(from, text, change);
    bench.intake.receive(said);
    await until(async () => expect(await bench.fate(said.guid)).not.toMatch(/^(unknown|new)/));
    return said;
  };
  const gets = (texts: string[]) => until(async () => expect(await bench.texts()).toEqual(texts));
  return { bench, clock, types, row, says, gets };
}

/** Sends a bubble and goes on with the next one at once. */
async function bubble({ clock, types, says }: Awaited<ReturnType<typeof typing>>, text: string) {
  await says(mia, text);
  types(mia, false);
  await clock.advance(500);
  types(mia);
  await clock.advance(2000);
}

describe("who types", () => {
  for (const coalesceMs of [0, 2500])
    it(`gets one answer to three bubbles, and a neighbour at once, with a window of ${coalesceMs} ms`, async () => {
      const world = await typing({ coalesceMs });
      const { clock, types, says, gets } = world;
      types(mia);
      await bubble(world, "I thought");
      await bubble(world, "about it");
      await says(tom, "hello");
      await clock.advance(coalesceMs);
      await gets(["hello"]);
      await says(mia, "and no");
      types(mia, false);
      await clock.advance(settleMs + coalesceMs);
      await gets(["I thought\nabout it\nand no", "hello"]);
    });

  it("types no more once the row came, by the clock of a Mac that is behind", async () => {
    const { clock, types, says, gets, bench } = await typing();
    const behindMs = 15 * 60_000;
    const at = clock.now();
    bench.mac.measure({ takenAt: at, sentAt: at - behindMs, receivedAt: at });
    types(mia);
    await clock.advance(1000);
    // Nobody tells the end.
    await says(mia, "one", { sentAt: clock.now() - behindMs });
    await clock.advance(settleMs);
    await gets(["one"]);
  });

  it("is waited for 10 s at most, and what comes then is another turn", async () => {
    const { clock, types, says, gets, bench } = await typing();
    await clock.advance(1);
    types(mia);
    await says(mia, "one", { sentAt: clock.now() - 1 });
    await clock.advance(9999);
    expect(await bench.texts()).toEqual([]);
    await clock.advance(1);
    await gets(["one"]);
    types(mia, false);
    await says(mia, "two");
    await clock.advance(settleMs);
    await gets(["one", "two"]);
  });

  it("is explained with how long it held the turn, and an answer that waited for nothing is not", async () => {
    const { clock, types, says, gets, bench } = await typing();
    types(mia);
    const held = await says(mia, "one", { sentAt: clock.now() - 1 });
    const free = await says(tom, "hello");
    await clock.advance(3000);
    types(mia, false);
    await clock.advance(settleMs);
    await gets(["one", "hello"]);
    const gates = async ({ guid }: MessageRow) =>
      (await bench.store.journal.findByGuid(guid))!.decision!.gates;
    expect(await gates(held)).toContainEqual({
      gate: "typing",
      passed: true,
      key: "channels.imessage.waitWhileTyping",
      detail: "The turn waited 4.5 s because the person was typing.",
    });
    expect(JSON.stringify(await gates(free))).not.toContain("typing");
  });

  it("holds up nothing where the configuration says so", async () => {
    const { types, says, gets } = await typing({ waitWhileTyping: false });
    types(mia);
    await says(mia, "one");
    await gets(["one"]);
  });

  it("holds up a link alone, and counts its second row once", async () => {
    const { clock, types, says, gets, bench } = await typing({ coalesceMs: 2500 });
    const url = "https://example.com/article";
    types(mia);
    await says(mia, url, { sentAt: clock.now() - 1000 });
    await says(mia, url, { sentAt: clock.now() - 100, balloon: "com.apple.messages.URLBalloonProvider" });
    await clock.advance(2500);
    expect(await bench.texts()).toEqual([]);
    await says(mia, "read this");
    types(mia, false);
    await clock.advance(2500 + settleMs);
    await gets([`${url}\nread this`]);
  });

  it("never holds up a group, nor a command beside a text that waits", async () => {
    const { clock, types, says, gets, bench } = await typing({ imessage: { groups: { "88": {} } } });
    types(mia);
    const group = bench.row(groupMessage(), { text: "Saturday", sentAt: clock.now() - 1 });
    bench.intake.told({ kind: "typing", chatGuid: group.chat.guid, on: true });
    bench.intake.receive(group);
    await gets(["Saturday"]);
    await says(mia, "one", { sentAt: clock.now() - 1 });
    expect(await bench.texts()).toEqual(["Saturday"]);
    await says(mia, "/stop", { sentAt: clock.now() - 1 });
    await until(() => expect(bench.commands).toEqual(["stop"]));
  });

  it("lets a text go before a command that has its place behind it", async () => {
    const { clock, types, says, gets, bench } = await typing();
    types(mia);
    await says(mia, "one", { sentAt: clock.now() - 1 });
    await says(mia, "/status", { sentAt: clock.now() - 1 });
    await until(() => expect(bench.commands).toEqual(["status"]));
    await gets(["one"]);
  });

  it("is not known any more when the events end or the private API is gone", async () => {
    for (const event of [
      { kind: "events-ended" },
      { kind: "private-api", available: false, message: "gone" },
    ] as const) {
      const { clock, types, says, gets, bench } = await typing();
      types(mia);
      await says(mia, "one", { sentAt: clock.now() - 1 });
      bench.intake.told({ kind: "private-api", available: true, message: "there" });
      expect(await bench.texts()).toEqual([]);
      bench.intake.told(event);
      await gets(["one"]);
      await says(mia, "two", { sentAt: clock.now() - 1 });
      await gets(["one", "two"]);
    }
  });
});

describe("a process that dies while somebody types", () => {
  it("loses nothing, and the next one counts what was waited", async () => {
    const { clock, types, says, gets, bench } = await typing();
    types(mia);
    await says(mia, "one", { sentAt: clock.now() - 1 });
    const dead = bench.intake;
    await clock.advance(6000);
    await bench.start();
    await gets(["one"]);
    await dead.stop();
    expect(await bench.texts()).toEqual(["one"]);
  });

  it("does not hold again what waited its 10 s", async () => {
    const { clock, types, row, gets, bench } = await typing();
    const waiting = row(mia, "one");
    await bench.store.journal.admit(bench.claim, [waiting], "live", clock.now());
    await clock.advance(10_000);
    await bench.start();
    types(mia);
    await gets(["one"]);
  });

  it("stops at once when it is asked to, with what is held handed over", async () => {
    const { clock, types, says, gets, bench } = await typing();
    types(mia);
    await says(mia, "one", { sentAt: clock.now() - 1 });
    await bench.intake.stop();
    await gets(["one"]);
  });
});

describe("what is known of typing", () => {
  const chat = directChat(mia);
  const known = () => {
    const clock = new FakeClock();
    const chats = new TypingChats(clock, () => {});
    const types = (from: string, on: boolean) =>
      chats.told({ kind: "typing", chatGuid: `iMessage;-;${from}`, on });
    return { clock, chats, types };
  };

  it("runs out where its end is never told, and a little after it where it is", async () => {
    const { clock, chats, types } = known();
    types(mia, true);
    expect(chats.remainingMs(chat)).toBe(typingEndsMs);
    expect(chats.remainingMs(directChat(tom))).toBe(0);
    await clock.advance(typingEndsMs);
    expect(chats.remainingMs(chat)).toBe(0);
    types(mia, true);
    types(mia, false);
    expect(chats.remainingMs(chat)).toBe(settleMs);
    await clock.advance(settleMs);
    expect(chats.remainingMs(chat)).toBe(0);
  });

  it("ends with the row that it led to, not with one that was written before it", async () => {
    const { clock, chats, types } = known();
    types(mia, true);
    chats.wrote(directMessage({ chat }), clock.now() - 1);
    chats.wrote(directMessage({ chat, fromMe: true }), clock.now() + 1);
    expect(chats.remainingMs(chat)).toBe(typingEndsMs);
    chats.wrote(directMessage({ chat }), clock.now() + 1);
    expect(chats.remainingMs(chat)).toBe(settleMs);
  });

  it("is of one service: a person's SMS waits for no typing in iMessage", () => {
    const { chats, types } = known();
    types(mia, true);
    expect(chats.remainingMs(directChat(mia, "SMS"))).toBe(0);
    expect(chats.remainingMs(directChat(mia, "any"))).toBe(typingEndsMs);
  });

  it("is bounded: the chat whose typing began first is forgotten first", () => {
    const { chats, types } = known();
    const handle = (index: number) => `+1555010${String(index).padStart(4, "0")}`;
    for (let index = 0; index <= 1000; index++) types(handle(index), true);
    expect(chats.remainingMs(directChat(handle(0)))).toBe(0);
    expect(chats.remainingMs(directChat(handle(1)))).toBe(typingEndsMs);
  });
});
