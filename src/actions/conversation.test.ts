import { expect, it } from "vitest";
import { compilePolicy } from "../access/index.js";
import type { Bridge } from "../bridge/index.js";
import type { Chat, Target } from "../conversation/index.js";
import { findConversation } from "./conversation.js";

const policy = compilePolicy({ accountId: "default" });
const chat = (id: number, guid: string): Chat => {
  const identifier = guid.slice(guid.lastIndexOf(";") + 1);
  return { id, guid, identifier, name: "", participants: [identifier], isGroup: guid.includes(";+;") };
};

async function found(target: Target, guids: string[]): Promise<number | string> {
  const chats = guids.map((guid, index) => chat(index + 1, guid));
  const bridge = { chats: async () => chats } as unknown as Bridge;
  const where = await findConversation(target, bridge, policy);
  if (!where.ok) return where.error.code;
  return where.value.target.kind === "chat_id" ? where.value.target.chatId : where.value.target.kind;
}
const byGuid = (guid: string): Target => ({ kind: "chat_guid", guid });

it.each([
  ["any;-;kim@example.com", ["iMessage;-;kim@example.com"], 1],
  ["iMessage;-;kim@example.com", ["any;-;kim@example.com"], 1],
  ["any;+;chat77", ["iMessage;+;chat77"], 1],
  // The letter counts before what is the same, and a service that is named is never another one.
  ["any;-;kim@example.com", ["iMessage;-;kim@example.com", "any;-;kim@example.com"], 2],
  ["SMS;-;+15550100123", ["iMessage;-;+15550100123", "SMS;-;+15550100123"], 2],
  ["SMS;-;+15550100123", ["iMessage;-;+15550100123"], "chat_guid"],
  ["any;-;\u212Aim@example.com", ["iMessage;-;kim@example.com"], "chat_guid"],
])("finds the chat of %s among %j", async (guid, guids, expected) => {
  expect(await found(byGuid(guid), guids)).toBe(expected);
});

it("finds a chat by an identifier in any spelling", async () => {
  const named = (identifier: string) =>
    found({ kind: "chat_identifier", identifier }, ["any;-;+15550100123"]);
  expect(await named("(555) 010-0123")).toBe(1);
  expect(await named("iMessage;-;+15550100123")).toBe(1);
  expect(await named("+15550100124")).toBe("CHAT_NOT_FOUND");
});
