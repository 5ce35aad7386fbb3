import { expect, it } from "vitest";
import { measure } from "../../test/simulation/resources.js";
import { directChat, directMessage } from "../../test/support/message.js";
import { LoopGuard, mostTurns } from "./loop-guard.js";

const mb = 1024 * 1024;

/** Something that was said in a chat. */
function said(chatId: number, text: string, fromMe = false) {
  return directMessage({ chat: { ...directChat("+15550100123"), id: chatId }, text, fromMe });
}

/** A text of so many words that nobody said before. */
function speech(name: string, words: number): string {
  return Array.from({ length: words }, (_, word) => `${name}word${word}`).join(" ");
}

/** What a guard holds after a talk, bytes. */
async function heldBy(talk: (guard: LoopGuard) => void): Promise<number> {
  const guard = new LoopGuard();
  const before = await measure();
  talk(guard);
  const held = (await measure()).heapBytes - before.heapBytes;
  // It is in use until here.
  guard.holds(1, 0);
  return held;
}

it("keeps nothing of what was said in chats that are quiet by now", async () => {
  const held = await heldBy((guard) => {
    for (let chat = 1; chat <= 100; chat++)
      for (let turn = 0; turn < 2; turn++)
        guard.hear(said(chat, speech(`c${chat}t${turn}`, 400), true), false, chat * 100 + turn);
    guard.hear(said(999, "hello"), true, 10 * 60_000);
  });
  expect(held / mb).toBeLessThan(2);
});

it("keeps little of very much that is said at once", async () => {
  const held = await heldBy((guard) => {
    for (let chat = 1; chat <= 100; chat++)
      guard.hear(said(chat, speech(`c${chat}`, 5000), true), false, chat);
  });
  expect(held / mb).toBeLessThan(10);
});

it("stops a loop whatever is said elsewhere, and lets others say the same", () => {
  const guard = new LoopGuard();
  const closed = Array.from({ length: mostTurns + 2 }, (_, turn) => {
    const at = turn * 5000;
    for (let chat = 100; chat < 120; chat++) guard.hear(said(chat, speech(`t${turn}`, 400)), true, at);
    guard.hear(said(7, "You are number 1 in the queue.", true), false, at);
    return guard.hear(said(7, "Sorry, I did not get that. You are number 1 in the queue."), true, at + 1);
  });
  expect(closed.indexOf(true)).toBe(mostTurns + 1);
  expect(guard.holds(7, 60_000)).toBe(true);
  for (let turn = 0; turn <= mostTurns; turn++)
    expect(guard.hear(said(1000 + turn, "Sorry, I did not get that."), true, 60_000 + turn)).toBe(false);
});
