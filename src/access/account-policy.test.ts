import { describe, expect, it } from "vitest";
import { directMessage, groupMessage } from "../../test/support/message.js";
import { parseConfig } from "../config/index.js";
import { accountPolicy } from "./account-policy.js";
import { decide } from "./decide.js";

async function policyOf(source: string, id = "default") {
  const parsed = await parseConfig(source);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error, null, 1));
  return accountPolicy(parsed.value.config, id, { status: { typed: true, quick: false } })!;
}

describe("accountPolicy", () => {
  it("names the path at which a field is written, or would be", async () => {
    const source = `{ channels: { imessage: {
      dmPolicy: "disabled", catchup: { enabled: false },
      accounts: { Work: { groupPolicy: "disabled" }, home: { dmPolicy: "allowlist" } },
    } } }`;
    const work = await policyOf(source, "work");
    expect(decide(directMessage(), work, {})).toMatchObject({ key: "channels.imessage.dmPolicy" });
    expect(decide(groupMessage(), work, {})).toMatchObject({
      key: "channels.imessage.accounts.Work.groupPolicy",
    });
    expect(decide(directMessage(), work, { missedOffline: true })).toMatchObject({
      key: "channels.imessage.catchup.enabled",
    });
    const home = await policyOf(source, "home");
    expect(decide(directMessage(), home, {})).toMatchObject({
      reason: "dm_not_allowed",
      key: "channels.imessage.accounts.home.allowFrom",
    });
  });

  it("takes the group policy of channels.defaults, and names it", async () => {
    const policy = await policyOf(`{ channels: { defaults: { groupPolicy: "disabled" }, imessage: {} } }`);
    expect(decide(groupMessage(), policy, {})).toMatchObject({ key: "channels.defaults.groupPolicy" });
  });

  it("fails closed with a warning when the block is missing", async () => {
    const policy = await policyOf(`{ channels: { defaults: { groupPolicy: "open" } } }`);
    const decision = decide(groupMessage(), policy, {});
    expect(decision).toMatchObject({ kind: "drop", reason: "group_sender_not_allowed" });
    expect(decision.gates.map(({ warning }) => warning)).toContain("channel_block_missing");
  });

  it("reads patterns of agents under their normalised id", async () => {
    const policy = await policyOf(`{
      agents: { list: [{ id: "My Bot", groupChat: { mentionPatterns: ["mybot"] } }] },
      messages: { groupChat: { mentionPatterns: ["tapback"] } },
      channels: { imessage: { groupPolicy: "open" } },
    }`);
    const hello = groupMessage({ text: "MyBot?" });
    expect(decide(hello, policy, { agentId: "my-bot" }).kind).toBe("dispatch");
    expect(decide(hello, policy, { agentId: "main" }).kind).toBe("context");
  });

  it.each([
    ["", "dispatch", "context"],
    ['groupChat: { mentionPatterns: ["bot"] },', "context", "context"],
    ["groupChat: { mentionPatterns: [] },", "dispatch", "dispatch"],
  ])("takes the identity of the routed agent where no patterns are set: %s", async (set, named, other) => {
    const policy = await policyOf(`{
      agents: { list: [{ id: "main", ${set} identity: { name: "Ёлка" } }, { id: "Plain", name: "Plain" }] },
      channels: { imessage: { groupPolicy: "open" } },
    }`);
    const said = (text: string, agentId: string) => decide(groupMessage({ text }), policy, { agentId });
    expect(said("ёлка, where?", "main").kind).toBe(named);
    expect(said("main, where?", "main").kind).toBe(other);
    const warnings = ({ gates }: ReturnType<typeof said>) => gates.flatMap(({ warning }) => warning ?? []);
    expect(warnings(said("where?", "main"))).toEqual(
      set === "" ? ["mention_by_identity"] : set.includes("bot") ? [] : ["mention_patterns_missing"],
    );
    // Neither its name nor its id makes a mention.
    expect(said("where?", "plain").kind).toBe("dispatch");
    expect(warnings(said("where?", "plain"))).toEqual(["mention_patterns_missing"]);
  });

  it("asks for no identity where patterns are set for all", async () => {
    const policy = await policyOf(`{
      agents: { list: [{ id: "main", identity: { name: "Ёлка" } }] },
      messages: { groupChat: { mentionPatterns: ["bot"] } },
      channels: { imessage: { groupPolicy: "open" } },
    }`);
    expect(decide(groupMessage({ text: "Ёлка?" }), policy, { agentId: "main" }).kind).toBe("context");
    expect(decide(groupMessage({ text: "bot?" }), policy, { agentId: "main" }).kind).toBe("dispatch");
  });
});
