import { expect, it } from "vitest";
import type { CallPath } from "../../src/bridge/imsg/bridge-call.js";
import { otherNameOf } from "../../src/bridge/imsg/other-name.js";
import type { Target } from "../../src/conversation/index.js";

const mia = "+15550100123";
const chat = (id: number, guid: string, participants: string[], service = guid.split(";")[0]) => ({
  id,
  guid,
  identifier: guid.split(";").at(-1),
  name: "",
  service,
  participants,
  is_group: guid.includes(";+;"),
});
const chats = [
  chat(1, `iMessage;-;${mia}`, [mia]),
  chat(2, `SMS;-;${mia}`, [mia]),
  chat(3, "iMessage;+;chat3", [mia, "+15550100124"]),
  chat(4, "any;+;chat4", [mia, "+15550100124"], "iMessage"),
  chat(5, "RCS;-;+15550100125", ["+15550100125"]),
  chat(6, "SMS;-;AMZN", ["AMZN"]),
  // A thread of several without the mark of a group (protocol reference 9.4).
  chat(7, "SMS;-;chat211", [mia, "+15550100124", "+15550100126"]),
  chat(8, "any;-;kim@example.com", ["kim@example.com"], "iMessage"),
];
const path = { call: async () => ({ chats }) } as unknown as CallPath;
const id = (chatId: number): Target => ({ kind: "chat_id", chatId });
const person = (handle: string, service: "imessage" | "sms" | "auto"): Target => ({
  kind: "handle",
  handle,
  service,
});
const guid = (name: string): Target => ({ kind: "chat_guid", guid: name });

it.each([
  [id(1), person(mia, "imessage")],
  [id(2), person(mia, "sms")],
  [guid(`SMS;-;${mia}`), person(mia, "sms")],
  [id(8), person("kim@example.com", "imessage")],
  [id(3), guid("any;+;chat3")],
  [id(4), guid("iMessage;+;chat4")],
  [person(mia, "auto"), guid(`iMessage;-;${mia}`)],
  [person(mia, "sms"), guid(`SMS;-;${mia}`)],
])("names %j as %j", async (target, other) => {
  expect(await otherNameOf(path, target)).toEqual(other);
});

it.each([
  ["a chat that is not listed", id(99)],
  ["a service that no script can name", id(5)],
  ["a sender that is a name", id(6)],
  ["a thread that only looks direct", id(7)],
  ["a person without a chat", person("+15550100999", "auto")],
  ["a person whose chat is over another service", person("kim@example.com", "sms")],
])("has no other name for %s", async (_, target) => {
  expect(await otherNameOf(path, target)).toBeUndefined();
});
