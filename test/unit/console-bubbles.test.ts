import { expect, it } from "vitest";
import type { ChatRow } from "../../console/src/state/answers.js";
import { bubblesOf } from "../../console/src/state/bubbles.js";

const mia = "+15550100123";
const ben = "+15550100124";
const row = (guid: string, rest: Partial<ChatRow> = {}) =>
  ({
    ...{ id: 1, guid, text: guid, fromMe: false, sender: mia, sentAt: "2026-05-09T10:00:00.000Z" },
    ...{ attachments: [], replyTo: null, tapback: null, poll: null, change: null, effect: null },
    ...rest,
  }) as ChatRow;
const vote = (of: string, sender: string, ...votes: string[]) =>
  row(`vote ${sender} ${votes.join("")}`, {
    ...{ sender, text: "", poll: { kind: "vote", of, question: "", options: [], votes } },
  });

it("draws tapbacks on their message until they are taken off", () => {
  const tapback = (to: string, emoji: string, added: boolean, sender = mia) =>
    row("t", { sender, tapback: { kind: "love", emoji, added, to } });
  const bubbles = bubblesOf([
    row("A"),
    tapback("A", "❤️", true),
    tapback("A", "❤️", true, ben),
    tapback("A", "❤️", false),
    row("B"),
  ]);
  expect(bubbles.map(({ text, tapbacks }) => [text, tapbacks])).toEqual([
    ["A", ["❤️"]],
    ["B", []],
  ]);
});

it("counts of each voter the newest choice, which may be several or none", () => {
  const bubbles = bubblesOf([
    row("P", { poll: { kind: "created", of: "P", question: "?", options: [], votes: [] } }),
    vote("P", mia, "1"),
    vote("P", ben, "1", "2"),
    vote("P", mia, "2"),
    vote("P", "+15550100125", "1"),
    vote("P", "+15550100125"),
  ]);
  expect(bubbles).toHaveLength(1);
  expect([...bubbles[0]!.votes].sort()).toEqual([
    ["1", 1],
    ["2", 2],
  ]);
});

it("shows an edited message in its new words, and keeps what was taken back", () => {
  const bubbles = bubblesOf([
    row("A"),
    row("B"),
    row("e", { text: "", change: { of: "A", kind: "edited", text: "new" } }),
    row("u", { text: "", change: { of: "B", kind: "unsent", text: "" } }),
  ]);
  expect(bubbles.map(({ text, became }) => [text, became])).toEqual([
    ["new", "edited"],
    ["B", "unsent"],
  ]);
});

it("draws news of a message that is not there as a row of its own", () => {
  const rows = [vote("gone", mia, "1"), row("e", { change: { of: "gone", kind: "edited", text: "x" } })];
  expect(bubblesOf(rows).map(({ message }) => message.guid)).toEqual(rows.map(({ guid }) => guid));
});
