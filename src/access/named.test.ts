import { describe, expect, it } from "vitest";
import { parseTarget } from "../conversation/index.js";
import { isNamedByPolicy } from "./named.js";
import { compilePolicy } from "./policy.js";
import type { PolicySource } from "./policy-source.js";

const source: PolicySource = {
  accountId: "default",
  allowFrom: ["+15550100123", "chat_id:9", "chat_guid:iMessage;-;kim@example.com"],
  groupAllowFrom: ["+15550100124", "chat_id:12"],
  groups: { "88": {}, "89": { enabled: false }, "*": {} },
};

function isNamed(text: string, more: Partial<PolicySource> = {}): boolean {
  const target = parseTarget(text);
  if (!target.ok) throw target.error;
  return isNamedByPolicy(target.value, compilePolicy({ ...source, ...more }));
}

describe("the configuration", () => {
  it.each([
    ["(555) 010-0123", true],
    ["+15550100199", false],
    ["chat_id:9", true],
    ["chat_id:88", true],
    ["chat_id:12", true],
    ["chat_id:10", false],
    ["chat_guid:any;-;kim@example.com", true],
    ["chat_identifier:tom@example.com", false],
  ])("names %s: %s", (text, named) => {
    expect(isNamed(text)).toBe(named);
  });

  it("names nobody by being open to everyone, nor for a chat of their own who may write in groups", () => {
    expect(isNamed("+15550100199", { dmPolicy: "open", allowFrom: ["*"] })).toBe(false);
    expect(isNamed("+15550100124")).toBe(false);
  });

  it("names nobody where it lets nobody in", () => {
    expect(isNamed("+15550100123", { dmPolicy: "disabled" })).toBe(false);
    expect(isNamed("chat_id:88", { groupPolicy: "disabled" })).toBe(false);
    expect(isNamed("chat_id:89")).toBe(false);
  });
});
