import { describe, expect, it } from "vitest";
import type { Actor } from "./context.js";
import { targetsIn } from "./conversation.js";
import { outOfScope } from "./scope.js";

const turn = {
  turnId: "t",
  isOwner: false,
  sendTo: [{ kind: "handle", handle: "+15550100199", service: "auto" }],
  home: {
    target: { kind: "chat_id", chatId: 42 },
    chat: { id: 42, guid: "iMessage;-;+15550100123" },
    identifier: "+15550100123",
    isGroup: false,
  },
} as unknown as Actor;

function judge(
  parameters: Record<string, unknown>,
  actor = turn,
  action: "read" | "send" | "react" = "read",
) {
  const named = targetsIn(parameters, "US");
  if (!named.ok) throw named.error;
  return outOfScope(actor, action, named.value, "US")?.code ?? "in scope";
}

describe("a turn", () => {
  it.each([
    {},
    { chatId: 42 },
    { chatId: "42" },
    { chatGuid: "iMessage;-;+15550100123" },
    { chatGuid: "any;-;+15550100123" },
    { chatGuid: "imessage;-;+1 (555) 010-0123" },
    { chatIdentifier: "+15550100123" },
    { chatIdentifier: "any;-;+15550100123" },
    { to: "(555) 010-0123" },
    { target: "chat_id:42" },
    { chatId: 42, to: "imessage:+15550100123" },
  ])("acts in its own conversation: %j", (parameters) => {
    expect(judge(parameters)).toBe("in scope");
  });

  it.each([
    { chatId: 43 },
    { chatId: "chat_guid:iMessage;-;+15550100124" },
    { chatGuid: "SMS;-;+15550100123" },
    { chatGuid: "any;-;+15550100124" },
    { chatGuid: "any;-;" },
    { chatIdentifier: "SMS;-;+15550100123" },
    { chatGuid: "iMessage;+;chat88" },
    { chatIdentifier: "chat88" },
    { to: "+15550100124" },
    { target: "kim@example.com" },
    // One that counts, and one beside it.
    { chatId: 42, to: "+15550100124" },
  ])("acts in no other: %j", (parameters) => {
    expect(judge(parameters)).toBe("TURN_SCOPE");
    expect(judge(parameters, turn, "send")).toBe("TURN_SCOPE");
    expect(judge(parameters, { ...turn, isOwner: true })).toBe("in scope");
  });

  it("writes where the agent may always write, and does nothing else there", () => {
    expect(judge({ to: "+15550100199" }, turn, "send")).toBe("in scope");
    expect(judge({ to: "sms:+15550100199" }, turn, "send")).toBe("in scope");
    expect(judge({ to: "+15550100199" }, turn, "read")).toBe("TURN_SCOPE");
    expect(judge({ to: "+15550100199" }, turn, "react")).toBe("TURN_SCOPE");
  });

  it("writes to a chat that sendTo names, however its GUID begins", () => {
    const sendTo: Actor["sendTo"] = [{ kind: "chat_guid", guid: "iMessage;-;+15550100199" }];
    const judged = (chatGuid: string) => judge({ chatGuid }, { ...turn, sendTo }, "send");
    expect(judged("any;-;+15550100199")).toBe("in scope");
    expect(judged("SMS;-;+15550100199")).toBe("TURN_SCOPE");
    expect(judged("any;-;+15550100198")).toBe("TURN_SCOPE");
  });

  it("of a group does not act in its members' own chats", () => {
    const group = {
      ...turn,
      home: {
        target: { kind: "chat_id", chatId: 88 },
        chat: { id: 88, guid: "iMessage;+;chat88" },
        identifier: "chat88",
        isGroup: true,
      },
    } as Actor;
    expect(judge({ chatIdentifier: "chat88" }, group)).toBe("in scope");
    expect(judge({ to: "+15550100123" }, group)).toBe("TURN_SCOPE");
  });

  it("binds nobody at the command line", () => {
    expect(judge({ chatId: 43 }, { isOwner: true, files: turn.files })).toBe("in scope");
  });
});
