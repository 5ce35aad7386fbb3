import { describe, expect, it } from "vitest";
import { mia } from "../cast.js";
import type { StoredMessage } from "../world.js";
import type { ScriptedMessage } from "./conversation.js";
import { isAnsweredNow, judge, type Written } from "./ledger.js";

const question: ScriptedMessage = {
  person: mia,
  text: "what is 1+1?",
  isAnswered: (answers) => answers.join() === "2",
};
const reminder: ScriptedMessage = {
  person: mia,
  text: "remind me",
  isAnswered: (answers) => answers.join() === "I will",
  later: /^Reminder/,
};
const written: Written[] = [
  { message: reminder, id: 1, chatId: 1 },
  { message: question, id: 3, chatId: 1 },
  { message: question, id: 4, chatId: 2 },
];

function answer(id: number, chatId: number, text: string, more: Partial<StoredMessage> = {}): StoredMessage {
  return { id, chatId, text, guid: `G${id}`, at: 0, ...more };
}

const whole = [answer(2, 1, "I will"), answer(5, 1, "2"), answer(6, 2, "2"), answer(7, 1, "Reminder: x")];

describe("whether every message got its answer", () => {
  it("gives each answer to the newest message before it in its chat, and a late one to who asked for it", () => {
    const verdicts = judge(written, whole);
    expect(verdicts.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(verdicts[0]!.answers.map(({ text }) => text)).toEqual(["I will", "Reminder: x"]);
  });

  it("misses an answer, a late one too", () => {
    const wrong = (rows: StoredMessage[]) => judge(written, rows).map(({ ok }) => ok);
    expect(wrong(whole.filter(({ id }) => id !== 5))).toEqual([true, false, true]);
    expect(wrong(whole.filter(({ id }) => id !== 6))).toEqual([true, true, false]);
    expect(wrong(whole.filter(({ id }) => id !== 7))).toEqual([false, true, true]);
  });

  it("takes neither a doubled answer, nor one that was not delivered, nor another text", () => {
    const wrong = (more: StoredMessage) =>
      judge(written, [...whole.filter(({ id }) => id !== more.id), more]).map(({ ok }) => ok);
    expect(wrong(answer(8, 1, "2"))).toEqual([true, false, true]);
    expect(wrong(answer(8, 1, "Reminder: x"))).toEqual([false, true, true]);
    expect(wrong(answer(6, 2, "2", { error: 22 }))).toEqual([true, true, false]);
    expect(wrong(answer(6, 2, "3"))).toEqual([true, true, false]);
  });

  it("does not take what people wrote for an answer", () => {
    const rows = [...whole.filter(({ id }) => id !== 6), answer(6, 2, "2", { from: mia.handle })];
    expect(judge(written, rows)[2]!.ok).toBe(false);
  });

  it("gives a tapback to the message that it is on", () => {
    const rows = [...whole, answer(3, 1, "❤️ on “what is 1+1?”", { tapback: "❤️", guid: "G3 ❤️ me" })];
    expect(judge(written, rows)[1]!.answers.map(({ id }) => id)).toEqual([3, 5]);
  });

  it("does not wait for what comes later", () => {
    expect(isAnsweredNow(reminder, [answer(2, 1, "I will")])).toBe(true);
    expect(isAnsweredNow(reminder, [answer(7, 1, "Reminder: x")])).toBe(false);
  });
});
