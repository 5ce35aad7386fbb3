import { describe, expect, it } from "vitest";
import { judge } from "../../test/support/judge.js";
import { directMessage, groupMessage } from "../../test/support/message.js";
import type { Decision, MessageRow } from "../conversation/index.js";
import type { Facts } from "./facts.js";
import type { PolicySource } from "./policy-source.js";

const mia = "+15550100123";

describe("gates", () => {
  it("are recorded in the order they were met, with the keys that decided", () => {
    const { gates, treatedAs } = judge(
      { groupPolicy: "open", mentionPatterns: ["@?tapback"], groups: { "88": {} }, allowFrom: [mia] },
      groupMessage(),
    );
    expect(treatedAs).toBe("group");
    expect(gates.map(({ gate, passed }) => `${gate} ${passed}`)).toEqual([
      "groupPolicy true",
      "groups true",
      "owner true",
      "mention false",
    ]);
    expect(gates.at(-1)?.key).toBe("channels.imessage.groups.88.requireMention");
  });

  it("say when a setting leaves them without force", () => {
    const warnings = (decision: Decision) => decision.gates.flatMap(({ warning }) => warning ?? []);
    expect(warnings(judge({ groupPolicy: "open" }, groupMessage()))).toEqual(["mention_patterns_missing"]);
    expect(warnings(judge({ configured: false }, groupMessage()))).toEqual(["channel_block_missing"]);
  });

  it("name the service when an owner is not trusted over it", () => {
    const { gates } = judge({ allowFrom: [mia] }, directMessage({ service: "SMS" }));
    expect(gates.find(({ gate }) => gate === "owner")).toMatchObject({
      passed: false,
      key: "commands.ownerServices",
      detail: expect.stringContaining("(sms)"),
    });
  });
});

describe("the key that a refusal names", () => {
  const photo = {
    path: "/a",
    name: "a",
    mimeType: "image/png",
    uti: "public.png",
    bytes: 1,
    missing: false,
    isSticker: false,
  };
  const like = { kind: "like", emoji: "👍", added: true, targetGuid: "X" };
  const sms = directMessage({ service: "SMS" });

  it.each<[string, string, Partial<PolicySource>, Partial<PolicySource>, MessageRow, Facts?]>([
    [
      "attachments_only",
      "includeAttachments",
      { allowFrom: ["*"] },
      { includeAttachments: true },
      directMessage({ text: "", attachments: [photo] }),
    ],
    [
      "tapback_not_ours",
      "reactionNotifications",
      { allowFrom: ["*"] },
      { reactionNotifications: "all" },
      directMessage({ tapback: like }),
    ],
    [
      "tapback_off",
      "reactionNotifications",
      { allowFrom: ["*"], reactionNotifications: "off" },
      { reactionNotifications: "own" },
      directMessage({ tapback: like }),
      { refersToOurs: true },
    ],
    [
      "pairing_service",
      "pairing.services",
      { pairing: { services: ["imessage"] } },
      { pairing: { services: ["imessage", "sms"] } },
      sms,
    ],
    [
      "enrolment_service",
      "commands.ownerServices",
      {},
      { commands: { ownerServices: ["imessage", "sms"] } },
      sms,
      { enrolment: true },
    ],
    [
      "group_disabled",
      "channels.defaults.groupPolicy",
      { defaultGroupPolicy: "disabled" },
      { defaultGroupPolicy: "open" },
      groupMessage(),
    ],
  ])("changes %s", (reason, key, source, change, message, facts = {}) => {
    const before = judge(source, message, facts);
    expect(before).toMatchObject({ reason, key: expect.stringMatching(new RegExp(`${key}$`)) });
    expect(judge({ ...source, ...change }, message, facts)).not.toMatchObject({ reason });
  });
});
