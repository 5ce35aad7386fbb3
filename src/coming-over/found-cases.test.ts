import { describe, expect, it } from "vitest";
import { importedFrom as run } from "../../test/support/imported-from.js";
import type { Tree } from "../config/fitting/index.js";
import { treeOf } from "../config/fitting/index.js";

const block = (config: Tree) => treeOf(treeOf(config.channels).imessage);
const nothing = { gained: [], lost: [] };

describe("who is answered", () => {
  it("asks for a mention by name where identities were the only patterns", async () => {
    const { config, access } = await run(
      "openclaw",
      `{ channels: { imessage: { groupAllowFrom: ["+15550100123"] } }, agents: { entries: { main: { identity: { name: "Molty", emoji: "🦞" } } } } }`,
    );
    expect(config.agents).toEqual({ list: [{ id: "main", identity: { name: "Molty", emoji: "🦞" } }] });
    expect(access).toEqual(nothing);
  });

  it("serves no account of a channel that was off", async () => {
    const { config, access } = await run(
      "openclaw",
      `{ channels: { imessage: { enabled: false, allowFrom: ["*"], accounts: { home: { enabled: true } } } } }`,
    );
    expect(block(config).accounts).toEqual({ home: { enabled: false } });
    expect(access).toEqual(nothing);
  });

  it("keeps the account that the channel's own path made, and what was bound to it", async () => {
    const { config, access } = await run(
      "openclaw",
      `{ channels: { imessage: { cliPath: "/opt/imsg", allowFrom: ["+15550100123"], accounts: { work: { cliPath: "/opt/work" } } } },
         agents: { entries: { main: { default: true }, home: {} } }, bindings: [{ agentId: "home", match: { channel: "imessage" } }] }`,
    );
    expect(block(config).accounts).toEqual({ work: { cliPath: "/opt/work" }, default: {} });
    expect(config.bindings).toEqual([
      { agentId: "home", match: { channel: "imessage", accountId: "default" } },
    ]);
    expect(access).toEqual(nothing);
  });

  it("names those whom a second block served", async () => {
    const { access } = await run(
      "clawdbot",
      `{ channels: { imessage: { allowFrom: ["+15550100123"] }, bluebubbles: { allowFrom: ["+15550100123", "+15550100124"] } },
         imessage: { allowFrom: ["+15550100125"], groupPolicy: "disabled" } }`,
    );
    expect(access.lost).toContain("channels.bluebubbles default: +15550100124 in direct chats");
    expect(access.lost).toContain("imessage default: +15550100125 in direct chats");
    expect(access.lost.join()).not.toContain("+15550100123 in direct");
  });

  it("asks for no mention where early Clawdbot did not, and opens no further group by it", async () => {
    const { config, access } = await run(
      "clawdbot",
      `{ imessage: { groups: { "7": {} } }, routing: { groupChat: { requireMention: false, mentionPatterns: ["@clawd"] } } }`,
    );
    expect(block(config).groups).toEqual({ "7": { requireMention: false } });
    expect(access).toEqual(nothing);
    const all = await run("clawdbot", `{ imessage: {}, routing: { groupChat: { requireMention: false } } }`);
    expect(block(all.config).groups).toEqual({ "*": { requireMention: false } });
  });

  it("writes the people of an access group in its place", async () => {
    const { config, of, access } = await run(
      "openclaw",
      `{ accessGroups: { family: { type: "message.senders", members: { "*": ["kim@example.com"], imessage: ["+15550100123"], telegram: ["5"] } } },
         channels: { imessage: { dmPolicy: "allowlist", allowFrom: ["accessGroup:family", "accessGroup:none"] } } }`,
    );
    expect(block(config).allowFrom).toEqual(["kim@example.com", "+15550100123"]);
    expect(of("channels.imessage.allowFrom[1]")?.why).toContain("there is no access group none");
    expect(access).toEqual(nothing);
  });

  it("answers nobody for whom several agents had no binding, and tells it", async () => {
    const { config, access } = await run(
      "openclaw",
      `{ channels: { imessage: { allowFrom: ["+15550100123", "+15550100124"] } }, agents: { entries: { a: {}, b: {} } },
         bindings: [{ agentId: "b", match: { channel: "imessage", peer: { kind: "direct", id: "+15550100123" } } }] }`,
    );
    expect(block(config)).toMatchObject({ dmPolicy: "allowlist", allowFrom: ["+15550100123"] });
    expect(access).toEqual(nothing);
  });

  it("serves no account on which nobody was answered, and says why", async () => {
    const { config, report, access } = await run(
      "openclaw",
      `{ channels: { imessage: { allowFrom: ["*"], groupPolicy: "open" } }, agents: { entries: { a: {}, b: {} } } }`,
    );
    expect(block(config).enabled).toBe(false);
    expect(report.find(({ to }) => to === "channels.imessage.enabled")?.why).toContain(
      "of several agents no binding",
    );
    expect(access).toEqual(nothing);
  });

  it("tells who is answered by another agent, because theirs is not there", async () => {
    const { access } = await run(
      "openclaw",
      `{ channels: { imessage: { dmPolicy: "open", allowFrom: ["*"] } }, agents: { entries: { a: { default: true }, b: {} } },
         bindings: [{ agentId: "gone", match: { channel: "imessage", peer: { kind: "direct", id: "+15550100123" } } }] }`,
    );
    // Nobody can be taken out of everyone.
    expect(access.gained).toEqual(["default: +15550100123 in direct chats, answered by agent a"]);
  });

  it("writes the group policy out where channels.defaults did not count", async () => {
    const { config, access } = await run(
      "openclaw",
      `{ channels: { defaults: { groupPolicy: "open" }, imessage: { allowFrom: ["+15550100123"] } } }`,
    );
    expect(block(config).groupPolicy).toBe("allowlist");
    expect(access).toEqual(nothing);
  });

  it.each(['["(unclosed"]', '["(?=x)"]', '["(unclosed", "(?!y)z"]'])(
    "leaves no gate open after losing %s",
    async (patterns) => {
      const { config, report } = await run(
        "openclaw",
        `{ channels: { imessage: { groupAllowFrom: ["+15550100123"] } }, messages: { groupChat: { mentionPatterns: ${patterns} } } }`,
      );
      expect(treeOf(config.messages).groupChat).toEqual({ mentionPatterns: ["\\z."] });
      const rows = report.filter(
        ({ key, action }) => key.includes("mentionPatterns[") && action === "dropped",
      );
      expect(rows).toHaveLength(patterns.split('", "').length);
    },
  );

  it("gives an account with empty groups the channel's, where it is alone", async () => {
    const one = await run(
      "openclaw",
      `{ channels: { imessage: { groupPolicy: "open", groups: { "7": {} }, accounts: { home: { groups: {} } } } } }`,
    );
    expect(treeOf(block(one.config).accounts).home).toEqual({});
    expect(one.access).toEqual(nothing);
  });

  it("serves no group whose key matched nothing", async () => {
    const { config, access } = await run(
      "openclaw",
      `{ channels: { imessage: { groupPolicy: "open", groups: { "chat_id:101": {}, "iMessage;+;chat9": {} } } } }`,
    );
    expect(block(config)).toMatchObject({ groupPolicy: "disabled" });
    expect(access).toEqual(nothing);
  });

  it("reads numbers as they were read there, wherever they stand", async () => {
    const { config, of, access } = await run(
      "openclaw",
      `{ channels: { imessage: { region: "US", dmPolicy: "allowlist", allowFrom: ["5551000002", "+1 (415) 555-0123", "262966", "mailto:kim@example.com"] } } }`,
    );
    expect(block(config).allowFrom).toEqual(["+5551000002", "+1 (415) 555-0123", "262966"]);
    expect(of("channels.imessage.allowFrom")?.why).toContain("there it was read as +5551000002");
    expect(of("channels.imessage.allowFrom[3]")).toMatchObject({ action: "dropped" });
    expect(access).toEqual(nothing);
  });

  it("lets a chat of allowFrom in as a group alone", async () => {
    const { config, access } = await run(
      "openclaw",
      `{ channels: { imessage: { dmPolicy: "allowlist", allowFrom: ["+15550100123", "chat:7", "guid:iMessage;+;chat8", "chatident:chat9"] } } }`,
    );
    expect(block(config)).toMatchObject({
      allowFrom: ["+15550100123"],
      groupAllowFrom: ["+15550100123", "chat_id:7", "chat_guid:iMessage;+;chat8", "chat_identifier:chat9"],
    });
    expect(access.lost).toEqual([]);
    // Here a GUID names its chat under every service; that is said.
    expect(access.gained).toHaveLength(2);
    for (const line of access.gained)
      expect(line).toContain("chat_guid:iMessage;+;chat8 names the chat under every");
  });

  it("leaves out bindings whose peer matched no message there", async () => {
    const { config, report } = await run(
      "openclaw",
      `{ channels: { iMessage: {}, imessage: { allowFrom: ["+15550100123"] } }, agents: { entries: { main: { default: true }, b: {} } },
         bindings: [
           { agentId: "b", match: { channel: "iMessage", peer: { kind: "direct", id: "imessage:+15550100123" } } },
           { agentId: "b", match: { channel: "imessage", peer: { kind: "group", id: "chat_id:7" } } },
           { agentId: "b", match: { channel: "iMessage", peer: { kind: "group", id: "7" } } },
         ] }`,
    );
    expect(config.bindings).toEqual([
      { agentId: "b", match: { channel: "imessage", peer: { kind: "group", id: "chat_id:7" } } },
    ]);
    const dropped = report.filter(({ key, action }) => /^bindings\[\d\]$/.test(key) && action === "dropped");
    expect(dropped.map(({ key }) => key)).toEqual(["bindings[0]", "bindings[1]"]);
  });

  it("takes over approvals whatever numbers the groups have", async () => {
    const { importConfig } = await import("./index.js");
    const old = { channels: { imessage: { groups: { "1": {} } } } };
    const approved = [{ account: "default", handle: "+15550100123" }];
    const output = await importConfig({ dialect: "openclaw", old, approved, chats: [], env: {} });
    expect(output.approved).toEqual(approved);
  });

  it("takes over no approval that did not count there", async () => {
    const { importConfig } = await import("./index.js");
    const old = { channels: { imessage: { accounts: { a: { dmPolicy: "allowlist" }, b: {} } } } };
    const approved = ["a", "b"].map((account) => ({ account, handle: "+15550100123" }));
    const output = await importConfig({ dialect: "openclaw", old, approved, chats: [], env: {} });
    expect(output.approved).toEqual([{ account: "b", handle: "+15550100123" }]);
    expect(output.access).toEqual(nothing);
    expect(output.notes.join()).toContain("approved by pairing once is not taken over");
  });
});

describe("what else is told", () => {
  it("keeps people apart who were apart by a binding", async () => {
    const { config, of } = await run(
      "openclaw",
      `{ channels: { imessage: {} }, bindings: [{ agentId: "main", match: { channel: "imessage" }, session: { dmScope: "per-channel-peer" } }] }`,
    );
    expect(config.session).toEqual({ dmScope: "per-channel-peer" });
    expect(of("bindings[0].session.dmScope")?.why).toContain("the narrowest");
  });

  it("tells restrictions that hold no longer as what opens", async () => {
    const { access } = await run(
      "openclaw",
      `{ channels: { imessage: { contextVisibility: "allowlist", groups: { "7": { tools: { deny: ["exec"] }, toolsBySender: { "id:5": { deny: ["exec"] } } } } } },
         session: { sendPolicy: { rules: [] } }, commands: { allowFrom: { imessage: ["+15550100123"] } } }`,
    );
    expect(access.gained.map((line) => line.split(" ")[0])).toEqual([
      "session.sendPolicy",
      "commands.allowFrom",
      "channels.imessage.contextVisibility",
      "channels.imessage.groups.7.tools.deny",
      'channels.imessage.groups.7.toolsBySender["id:5"].deny',
    ]);
  });

  it.each([
    ["openclaw", `{ imessage: {}, agents: { entries: { odd: null } } }`, "agents.entries.odd"],
    ["clawdbot", `{ imessage: {}, routing: { agents: { odd: null } } }`, "routing.agents.odd"],
  ] as const)("makes no agent of what %s passed over, and names it", async (dialect, old, key) => {
    const { config, access, of } = await run(dialect, old);
    expect(config.agents).toBeUndefined();
    expect(access).toEqual(nothing);
    expect(of(key)?.action).toBe("dropped");
  });

  it("gives each agent the models to fall back on", async () => {
    const { config } = await run(
      "openclaw",
      `{ agents: { defaults: { model: { primary: "anthropic/claude-x", fallbacks: ["openai/y"] } }, entries: { main: {}, own: { model: "openai/z" } } } }`,
    );
    expect(treeOf(config.agents).list).toEqual([
      { id: "main", runtime: { type: "llm", fallbackModels: ["openai/y"] } },
      { id: "own", model: "openai/z" },
    ]);
  });

  it("writes the agent's name into the prefix, and passes over an unknown default account", async () => {
    const { config, of } = await run(
      "openclaw",
      `{ channels: { imessage: { responsePrefix: "[{identity.name}]", defaultAccount: "none", accounts: { home: {} } } },
         agents: { entries: { main: { identity: { name: "Molty" } } } } }`,
    );
    expect(config.messages).toEqual({ responsePrefix: "[Molty]" });
    expect(of("channels.imessage.defaultAccount")?.why).toBe(
      "there is no account of this name; home was used there",
    );
  });
});
