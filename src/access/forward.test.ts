import { describe, expect, it } from "vitest";
import { judge, word } from "../../test/support/judge.js";
import { directMessage, groupMessage } from "../../test/support/message.js";
import type { MessageRow } from "../conversation/index.js";

const answers = { answersOwner: true };
const told = (message: MessageRow, facts = answers, dmPolicy: "allowlist" | "disabled" = "allowlist") =>
  word(judge({ dmPolicy }, message, facts));

/** Somebody whom no rule lets in, and to whom an owner wrote by a draft (behaviour 10.3a). */
describe("who answers an owner's draft", () => {
  it("is told to that owner and to no agent, without a word to the sender", () => {
    expect(told(directMessage())).toBe("/forward silent");
    expect(told(directMessage(), { answersOwner: false })).toBe("drop dm_not_allowed allowFrom");
  });

  it.each<[string, Partial<MessageRow>]>([
    ["a tapback", { tapback: { kind: "like", emoji: "👍", added: true, targetGuid: "X" } }],
    ["a correction", { change: { guid: "X", kind: "edited", before: "a", text: "b" } }],
    ["a vote", { poll: { kind: "vote" } }],
  ])("says nothing by %s", (_, change) => {
    expect(told(directMessage(change))).not.toContain("forward");
  });

  it("says nothing in a group, nor where nobody may write", () => {
    expect(told(groupMessage())).not.toContain("forward");
    expect(told(directMessage(), answers, "disabled")).toBe("drop dm_disabled dmPolicy");
  });
});
