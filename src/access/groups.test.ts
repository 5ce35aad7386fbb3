import { describe, expect, it } from "vitest";
import { directChat, groupChat } from "../../test/support/message.js";
import { groupOptions, isGroupish } from "./groups.js";
import { compilePolicy } from "./policy.js";
import type { GroupOptions } from "./policy-source.js";

function optionsOf(groups: Record<string, GroupOptions>, chatId = 88) {
  return groupOptions(chatId, compilePolicy({ accountId: "default", groups }));
}

describe("groupOptions", () => {
  it.each<[string, Record<string, GroupOptions>, string | undefined]>([
    ["the chat's own", { "*": { systemPrompt: "all" }, "88": { systemPrompt: "own" } }, "own"],
    ["the wildcard's, without an own entry", { "*": { systemPrompt: "all" }, "12": {} }, "all"],
    ["the wildcard's, where the own entry defines none", { "*": { systemPrompt: "all" }, "88": {} }, "all"],
    [
      "none, where the own entry is empty",
      { "*": { systemPrompt: "all" }, "88": { systemPrompt: "" } },
      undefined,
    ],
    ["none", {}, undefined],
  ])("resolves the prompt: %s", (_, groups, prompt) => {
    expect(optionsOf(groups).systemPrompt).toBe(prompt);
  });

  it("resolves the agent with the path that names it", () => {
    expect(optionsOf({ "*": { agentId: "a" }, "88": {} }).agent).toEqual({
      id: "a",
      key: 'channels.imessage.groups["*"].agentId',
    });
    expect(optionsOf({ "*": { agentId: "a" }, "88": { agentId: "b" } }).agent).toEqual({
      id: "b",
      key: "channels.imessage.groups.88.agentId",
    });
  });
});

describe("isGroupish", () => {
  const own = "bot@example.com";
  const other = { ...directChat("+15550100123"), id: 8 };
  const policy = compilePolicy({ accountId: "default", groups: { "7": {}, "*": {} } });
  it.each([
    ["reported as a group", groupChat(), true],
    ["a key of groups", directChat("+15550100123"), true],
    ["neither; the wildcard makes no groups", { ...directChat("+15550100123"), id: 8 }, false],
    ["a GUID of a group", { ...groupChat(), isGroup: false }, true],
    ["several people", { ...other, participants: ["+15550100123", "sam@example.com"] }, true],
    ["one person over two services", { ...other, participants: ["+15550100123", "+1 555 010 0123"] }, false],
    ["one person and the account itself", { ...other, participants: ["+15550100123", own] }, false],
    ["two people and the account itself", { ...other, participants: ["a@b.c", "+15550100123", own] }, true],
    ["a group's identifier", { ...other, identifier: "chat211", participants: [] }, true],
    ["a group's identifier in the GUID", { ...other, guid: "SMS;-;chat211", participants: [] }, true],
    ["an address that begins like one", { ...other, identifier: "chat211@example.com" }, false],
  ])("%s", (_, chat, expected) => {
    expect(isGroupish({ chat, destination: own }, policy)).toBe(expected);
  });
});
