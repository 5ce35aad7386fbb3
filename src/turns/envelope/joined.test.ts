import { expect, it } from "vitest";
import { fakeMessage, fakeTurn } from "../../../test/support/agent-turn.js";
import type { Envelope } from "../../conversation/index.js";
import { joinedEnvelope } from "./joined.js";

const owner = { handle: "+15550100001", isOwner: true };
const { envelope: base } = fakeTurn("first", { envelope: { sender: owner, coalescedMessageGuids: ["A"] } });
const { envelope: more } = fakeTurn("second", { envelope: { sender: owner, coalescedMessageGuids: ["B"] } });

it("tells of the messages of both turns, in their order (behaviour 5.4a)", () => {
  expect(joinedEnvelope(base, more)).toEqual({
    ...base,
    messages: [...base.messages, ...more.messages],
    coalescedMessageGuids: ["A", "B"],
    text: "first\nsecond",
  });
  const joined = joinedEnvelope({ ...base, notes: ["Mia loved it"] }, { ...more, notes: ["Kim left"] });
  expect(joined?.notes).toEqual(["Mia loved it", "Kim left"]);
});

const group = { ...base.chat, isGroup: true };
const file = { name: "a.png", mimeType: "image/png", bytes: 3 };
const said = { sender: "+15550100009", text: "hi", sentAt: base.messages[0]!.sentAt };

it.each<[string, Partial<Envelope>, Partial<Envelope>]>([
  ["a guest's into an owner's turn", {}, { sender: { ...owner, isOwner: false } }],
  ["an owner's into a guest's turn", { sender: { ...owner, isOwner: false } }, {}],
  ["one owner's into another's turn", { sender: { ...owner, handle: "+15550100002" } }, {}],
  ["one of another chat", {}, { chat: { ...base.chat, target: "chat_id:43" } }],
  [
    "one of the chat that has its number now",
    {},
    { chat: { ...base.chat, guid: "iMessage;-;other@example.com" } },
  ],
  ["one of another account", {}, { accountId: "work" }],
  ["one among those of several people", {}, { messages: [fakeMessage("x", { sender: owner })] }],
  ["one that brings a file", {}, { messages: [fakeMessage("x", { attachments: [file] })] }],
  ["one that brings what others wrote in a group", { chat: group }, { chat: group, context: [said] }],
  ["one that brings what others did in a group", { chat: group }, { chat: group, notes: ["Mia loved it"] }],
  ["one that would have to be cut", {}, { text: "x".repeat(4000) }],
  ["one that comes during a scheduled turn", { scheduled: { id: "s1", dueAt: said.sentAt } }, {}],
  ["one that was scheduled", {}, { scheduled: { id: "s1", dueAt: said.sentAt } }],
  ["one too many", { messages: Array.from({ length: 10 }, () => fakeMessage("x")) }, {}],
])("lets %s wait", (_, running, waiting) => {
  expect(joinedEnvelope({ ...base, ...running }, { ...more, ...waiting })).toBeUndefined();
});

it("takes in what an owner writes in a group, when it brings nothing of others", () => {
  const joined = joinedEnvelope({ ...base, chat: group, context: [said] }, { ...more, chat: group });
  expect(joined?.messages).toHaveLength(2);
});
