import { expect, it } from "vitest";
import { type Entry, normalForm, readEntry } from "./entries.js";
import { traitsOf } from "./traits.js";

const block = { block: {}, path: [] };
const openclaw = traitsOf("openclaw", { ...block, kind: "imessage" });
const earlier = traitsOf("remoteclaw", { ...block, kind: "imessage" });
const bluebubbles = traitsOf("bluebubbles", { ...block, kind: "bluebubbles" });

it.each<[unknown, Entry | undefined]>([
  [" * ", { kind: "everyone" }],
  ["imessage: SMS:Kim@Example.com", { kind: "handle", handle: "kim@example.com" }],
  [15550100123, { kind: "handle", handle: "+15550100123" }],
  ["imessage:", undefined],
  ["", undefined],
  ["chat_id: 7", { kind: "chat_id", id: 7 }],
  ["ChatId:7x", { kind: "chat_id", id: 7 }],
  ["chat:x", undefined],
  ["sms:chat:7", { kind: "chat_id", id: 7 }],
  ["chatguid:iMessage;+;chat7", { kind: "chat_guid", text: "iMessage;+;chat7" }],
  ["guid: x ", { kind: "chat_guid", text: "x" }],
  ["guid:", undefined],
  ["chat_identifier:chat7", { kind: "chat_identifier", text: "chat7" }],
  ["chatident: ", undefined],
  ["accessGroup: friends ", { kind: "group", name: "friends" }],
  ["accessgroup:friends", { kind: "handle", handle: "accessgroup:friends" }],
  ["chat7", { kind: "handle", handle: "chat7" }],
  ["bluebubbles:x", { kind: "handle", handle: "bluebubbles:x" }],
])("reads the entry %j as %j", (raw, entry) => {
  expect(readEntry(raw, openclaw)).toEqual(entry);
});

it("reads access groups in OpenClaw alone, and what BlueBubbles named chats by there alone", () => {
  expect(readEntry("accessGroup:friends", earlier)).toBeUndefined();
  expect(readEntry("BlueBubbles: group:7", bluebubbles)).toEqual({ kind: "chat_id", id: 7 });
  expect(readEntry("group:7x", bluebubbles)).toEqual({ kind: "chat_guid", text: "7x" });
  expect(readEntry("Chat12", bluebubbles)).toEqual({ kind: "chat_identifier", text: "Chat12" });
  expect(readEntry("0123456789abcdef0123456789ABCDEF", bluebubbles)).toMatchObject({
    kind: "chat_identifier",
  });
  expect(readEntry("0123456789abcdef0123456789ABCDEF0", bluebubbles)).toMatchObject({ kind: "handle" });
  expect(readEntry("chat12b", bluebubbles)).toMatchObject({ kind: "handle" });
});

it.each([
  ["+1 (555) 010-0123", "+15550100123", "+1(555)010-0123"],
  ["5550100", "+5550100", "5550100"],
  ["tel:555", "+555", "tel:555"],
  ["sms: 555 1", "+5551", "5551"],
  [" Kim @X.com ", "kim @x.com", "kim @x.com"],
  ["()", "()", "()"],
  ["urn:biz:A b", "urn:biz:Ab", "urn:biz:Ab"],
])("compares %j as %j, and in BlueBubbles as %j", (raw, plus, plain) => {
  expect([normalForm(raw, true), normalForm(raw, false)]).toEqual([plus, plain]);
});
