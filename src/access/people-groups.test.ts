import { describe, expect, it } from "vitest";
import { directMessage, groupMessage } from "../../test/support/message.js";
import { decide } from "./decide.js";
import { compilePolicy } from "./policy.js";
import type { PolicySource } from "./policy-source.js";

const [mia, ben] = ["+15550100123", "+15550100999"];
const accessGroups = { family: [mia], nobody: [] };

function judged(source: Partial<PolicySource>, message = directMessage({ from: mia })) {
  const policy = compilePolicy({ accountId: "default", accessGroups, ...source });
  const decision = decide(message, policy, {});
  return "reason" in decision ? decision.reason : decision.kind;
}

describe("accessGroup:NAME in a list", () => {
  it("lets the people of the group in, and nobody else", () => {
    const source = { dmPolicy: "allowlist", allowFrom: ["accessGroup:family"] } as const;
    expect(judged(source)).toBe("dispatch");
    expect(judged(source, directMessage({ from: ben }))).toBe("dm_not_allowed");
  });

  it("counts in groups, for all of them and for one", () => {
    const open = { groups: { "*": { requireMention: false } } };
    const said = groupMessage({ from: mia });
    const other = groupMessage({ from: ben });
    const forAll = { ...open, groupAllowFrom: ["accessGroup:family"] };
    expect(judged(forAll, said)).toBe("dispatch");
    expect(judged(forAll, other)).toBe("group_sender_not_allowed");
    const forOne = { groups: { "*": { requireMention: false, allowFrom: [" accessGroup: family "] } } };
    expect(judged(forOne, said)).toBe("dispatch");
    expect(judged(forOne, other)).toBe("group_sender_not_allowed");
  });

  it.each(["accessGroup:nobody", "accessGroup:missing", "accessGroup:constructor", "accessGroup:"])(
    "%s stands for nobody, and leaves no list unset",
    (entry) => {
      const group = { groups: { "*": { requireMention: false } }, allowFrom: [mia] };
      expect(judged({ dmPolicy: "allowlist", allowFrom: [entry] })).toBe("dm_not_allowed");
      expect(judged({ ...group, groupAllowFrom: [entry] }, groupMessage({ from: mia }))).toBe(
        "group_sender_not_allowed",
      );
      expect(judged({ dmPolicy: "allowlist", allowFrom: [entry] }, directMessage({ from: entry }))).not.toBe(
        "dispatch",
      );
    },
  );

  it("names owners where owners are named, and never makes one of a list of who may write", () => {
    const ownersOf = (source: Partial<PolicySource>) => [
      ...compilePolicy({ accountId: "default", accessGroups, ...source }).owners,
    ];
    expect(ownersOf({ commands: { ownerAllowFrom: ["accessGroup:family"] } })).toEqual([mia]);
    expect(ownersOf({ allowFrom: ["accessGroup:family"] })).toEqual([]);
    expect(ownersOf({ allowFrom: [ben], commands: { ownerAllowFrom: ["accessGroup:nobody"] } })).toEqual([]);
    expect(ownersOf({ allowFrom: [ben] })).toEqual([ben]);
    expect(ownersOf({ allowFrom: [ben], commands: {} })).toEqual([ben]);
    expect(ownersOf({ allowFrom: [ben], commands: { ownerAllowFrom: [] } })).toEqual([]);
  });
});
