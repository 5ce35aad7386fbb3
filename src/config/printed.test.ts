import JSON5 from "json5";
import { describe, expect, it } from "vitest";
import { importConfig } from "../coming-over/index.js";
import { resolveAccount } from "./accounts.js";
import { acpSettingsFor, resolveAgents } from "./agents.js";
import { parseConfig } from "./index.js";

/** The configurations that the documentation of OpenClaw, RemoteClaw and Clawdbot prints, as people paste them. */
async function accepted(source: string) {
  const result = await parseConfig(source);
  expect(result).toMatchObject({ ok: true });
  if (!result.ok) throw new Error("unreachable");
  return { ...result.value, account: resolveAccount(result.value.config, "default")! };
}

describe("configurations in the documentation", () => {
  it("a local Mac", async () => {
    const { account, warnings } = await accepted(`{
      channels: { imessage: { enabled: true, cliPath: "/usr/local/bin/imsg", dbPath: "/Users/<you>/Library/Messages/chat.db" } },
    }`);
    expect(account).toMatchObject({
      enabled: true,
      cliPath: "/usr/local/bin/imsg",
      dmPolicy: "pairing",
      groupPolicy: "allowlist",
      configWrites: true,
    });
    expect(warnings).toEqual([]);
  });

  it("a remote Mac with attachments", async () => {
    const { account } = await accepted(`{
      channels: { imessage: {
        enabled: true, cliPath: "~/.openclaw/scripts/imsg-ssh",
        remoteHost: "bot@mac-mini.tailnet-1234.ts.net", // for scp
        includeAttachments: true, dbPath: "/Users/bot/Library/Messages/chat.db",
        // optional
        attachmentRoots: ["/Users/*/Library/Messages/Attachments"],
        remoteAttachmentRoots: ["/Users/*/Library/Messages/Attachments"],
      } },
    }`);
    expect(account).toMatchObject({
      includeAttachments: true,
      remoteHost: "bot@mac-mini.tailnet-1234.ts.net",
    });
  });

  it("prompts per group, with one that suppresses the wildcard's", async () => {
    const { account, config } = await accepted(`{ channels: { imessage: {
      groupPolicy: "allowlist", groupAllowFrom: ["+15555550123"],
      groups: {
        "*": { systemPrompt: "Use British spelling." },
        "8421": { requireMention: true, systemPrompt: "On-call. At most 3 sentences." },
        "9907": { systemPrompt: "" },
      },
    } } }`);
    expect(account.groups["9907"]).toEqual({ systemPrompt: "" });
    expect(account.groups["8421"]).toMatchObject({ requireMention: true });
    expect(resolveAgents(config)).toMatchObject([{ id: "main", runtime: { type: "demo" } }]);
  });

  it("a persistent ACP binding", async () => {
    const { config } = await accepted(`{
      agents: { list: [{ id: "codex", runtime: { type: "acp", acp: { agent: "codex", backend: "acpx", mode: "persistent" } } }] },
      bindings: [{
        type: "acp", agentId: "codex",
        match: { channel: "imessage", accountId: "default", peer: { kind: "group", id: "chat_id:123" } },
        acp: { label: "codex-group" },
      }],
    }`);
    expect(acpSettingsFor(config, "codex", config.bindings[0])).toEqual({
      agent: "codex",
      backend: "acpx",
      mode: "persistent",
      label: "codex-group",
    });
  });

  it("actions, read receipts, configuration from the chat", async () => {
    const { account } = await accepted(`{ channels: { imessage: {
      actions: { reactions: true, edit: true, unsend: true, reply: true, sendWithEffect: true, sendAttachment: true,
        renameGroup: true, setGroupIcon: true, addParticipant: true, removeParticipant: true, leaveGroup: true },
      sendReadReceipts: false,
      configWrites: false,
    } } }`);
    expect(account).toMatchObject({ sendReadReceipts: false, configWrites: false, actions: { polls: true } });
  });

  it("coalescing with a window of one's own", async () => {
    const { account, config } = await accepted(`{
      channels: { imessage: { coalesceSameSenderDms: true } },
      messages: { inbound: { byChannel: { imessage: 2500 } } },
    }`);
    expect(account.coalesceSameSenderDms).toBe(true);
    expect(config.messages.inbound.byChannel.imessage).toBe(2500);
  });

  it("catch-up, with its numbers clamped instead of refused", async () => {
    const block = (text: string) =>
      accepted(`{ channels: { imessage: { catchup: { enabled: true, ${text} } } } }`);
    const plain = await block(
      "maxAgeMinutes: 120, perRunLimit: 50, firstRunLookbackMinutes: 30, maxFailureRetries: 10,",
    );
    expect(plain.warnings).toEqual([]);
    const { account, warnings } = await block("maxAgeMinutes: 5000, perRunLimit: 0, maxFailureRetries: 2.4");
    expect(account.catchup).toEqual({
      enabled: true,
      maxAgeMinutes: 720,
      perRunLimit: 1,
      firstRunLookbackMinutes: 30,
      maxFailureRetries: 2,
    });
    expect(warnings.map(({ path, message }) => [path, message])).toEqual([
      ["channels.imessage.catchup.maxAgeMinutes", "5000 is out of range; 720 is used"],
      ["channels.imessage.catchup.perRunLimit", "0 is out of range; 1 is used"],
      ["channels.imessage.catchup.maxFailureRetries", "2.4 is out of range; 2 is used"],
    ]);
  });

  it("Clawdbot's own block, through the import", async () => {
    const old = JSON5.parse(
      '{ imessage: { enabled: true, cliPath: "imsg", dmPolicy: "pairing", allowFrom: ["+15555550123"] } }',
    );
    const { config } = await importConfig({ dialect: "clawdbot", old, approved: [], chats: [], env: {} });
    const { account } = await accepted(JSON.stringify(config));
    expect(account).toMatchObject({ dmPolicy: "pairing", allowFrom: ["+15555550123"], groupPolicy: "open" });
    const direct = await parseConfig(JSON.stringify(old));
    expect(direct).toMatchObject({ ok: false, error: [{ path: "imessage", message: "unknown key" }] });
  });
});
