import { describe, expect, it } from "vitest";
import { judge } from "../../test/support/judge.js";
import { directMessage, groupMessage } from "../../test/support/message.js";
import type { Decision } from "../conversation/index.js";

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
