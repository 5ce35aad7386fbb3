import { expect, it } from "vitest";
import { FakeClock } from "../../test/support/fake-clock.js";
import { directChat, directMessage } from "../../test/support/message.js";
import type { BridgeReader } from "../bridge/index.js";
import type { Chat } from "../conversation/index.js";
import { findChat } from "./late-join.js";

const chat = { ...directChat("+15550100123"), id: 7 };
const row = { ...directMessage(), guid: "LATE", chat: { ...chat, id: 0 } };

/** Looks for the chat of a row that joins it after so long. @returns what came of it, and how often the Mac was asked */
async function looking(joinsAfterMs: number, passMs: number) {
  const clock = new FakeClock();
  const joinsAt = clock.now() + joinsAfterMs;
  let asked = 0;
  const bridge = {
    chats: async () => {
      asked++;
      return [chat];
    },
    history: async () => (clock.now() < joinsAt ? [] : [{ ...row, chat }]),
  } as Partial<BridgeReader> as BridgeReader;
  const stop = new AbortController();
  let found: Chat | undefined | "not yet" = "not yet";
  void findChat(row, bridge, { clock }, stop.signal).then((result) => {
    found = result;
  });
  await clock.advance(passMs);
  return { found: () => found, asked: () => asked, clock, stop };
}

it("finds a chat that was written a moment later, without asking the Mac all the time", async () => {
  const { found, asked, clock } = await looking(1500, 1700);
  expect(found()).toMatchObject({ id: 7 });
  expect([asked(), clock.waiting]).toEqual([3, 0]);
});

it("looks past a chat that cannot be read", async () => {
  const clock = new FakeClock();
  const bridge = {
    chats: async () => [{ ...chat, id: 3 }, chat],
    history: async ({ chatId }) => {
      if (chatId === 3) throw new Error("malformed");
      return [{ ...row, chat }];
    },
  } as Partial<BridgeReader> as BridgeReader;
  const found = findChat(row, bridge, { clock }, new AbortController().signal);
  await clock.advance(200);
  expect(await found).toMatchObject({ id: 7 });
});

it("gives a row up after half a minute", async () => {
  const { found, clock } = await looking(60_000, 30_699);
  expect(found()).toBe("not yet");
  await clock.advance(1);
  expect(found()).toBeUndefined();
  expect(clock.waiting).toBe(0);
});

it("ends at once when the gateway stops", async () => {
  const { found, stop, clock } = await looking(60_000, 3000);
  stop.abort();
  await clock.advance(0);
  expect([found(), clock.waiting]).toEqual([undefined, 0]);
});
