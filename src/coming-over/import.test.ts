import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { importedFrom as run } from "../../test/support/imported-from.js";
import { importFrom } from "./index.js";

describe("importing OpenClaw", () => {
  it("takes the channel as it is and tells what became of every key", async () => {
    const { config, of, access } = await run(
      "openclaw",
      `{
        meta: { lastTouchedVersion: "2026.9.6" },
        channels: {
          telegram: { botToken: "x" },
          imessage: {
            enabled: true, cliPath: "~/.openclaw/scripts/imsg-ssh", remoteHost: "bot@mac.example.ts.net",
            dmPolicy: "allowlist", allowFrom: ["imessage:+15550100", 15550199999, "chatid:7"],
            groups: { "*": { requireMention: true }, "42": { systemPrompt: "", tools: { allow: ["x"] } } },
            streaming: { mode: "partial", chunkMode: "newline", block: { enabled: true } },
            healthMonitor: { enabled: false },
            accounts: { work: { mediaMaxMb: 8 } },
          },
        },
        agents: {
          defaults: { model: { primary: "anthropic/claude-x", fallbacks: ["openai/y"] }, timeoutSeconds: 120, heartbeat: { every: "1h" } },
          entries: {
            main: { default: true, groupChat: { mentionPatterns: ["@?bot", "(?=x)"] }, subagents: {} },
            codex: { runtime: { type: "acp", acp: { agent: "codex", backend: "acpx", mode: "persistent" } } },
            gem: { model: "google/gemini" },
          },
        },
        bindings: [
          { agentId: "main", match: { channel: "telegram" } },
          { agentId: "nobody", match: { channel: "iMessage", peer: { kind: "dm", id: "+15550177" } } },
          { type: "acp", agentId: "codex", match: { channel: "imessage", peer: { kind: "group", id: "chat_id:123" } }, acp: { label: "c" } },
        ],
        session: { dmScope: "per-peer", identityLinks: { kim: ["telegram:1", "+15550100"] }, reset: { mode: "daily" } },
        models: { providers: { local: { baseUrl: "http://127.0.0.1:1/v1", apiKey: "\${LOCAL_KEY}", api: "openai-responses", models: [{ id: "a" }] } } },
        commands: { ownerAllowFrom: ["+15550100", "telegram:5"], native: "auto" },
        messages: { queue: { mode: "steer" }, responsePrefix: "[bot]" },
        tools: { profile: "coding" },
      }`,
    );
    // A chat in allowFrom counted in groups alone, and a number is a chat of one account.
    const people = ["imessage:+15550100", "+15550199999"];
    const lists = {
      allowFrom: people,
      groupAllowFrom: [...people, "chat_id:7"],
      groups: { "*": { requireMention: true }, "42": { systemPrompt: "" } },
    };
    expect(config).toEqual({
      channels: {
        imessage: {
          enabled: true,
          cliPath: "~/.openclaw/scripts/imsg-ssh",
          remoteHost: "bot@mac.example.ts.net",
          dmPolicy: "allowlist",
          streaming: "block",
          chunkMode: "newline",
          accounts: { work: { ...lists, mediaMaxMb: 8 }, default: lists },
        },
      },
      agents: {
        defaults: { model: "anthropic/claude-x", timeoutSeconds: 120 },
        list: [
          {
            id: "main",
            default: true,
            groupChat: { mentionPatterns: ["@?bot"] },
            runtime: { type: "llm", fallbackModels: ["openai/y"] },
          },
          {
            id: "codex",
            runtime: { type: "acp", acp: { agent: "codex", backend: "acpx", mode: "persistent" } },
          },
          { id: "gem" },
        ],
      },
      bindings: [
        {
          type: "acp",
          agentId: "codex",
          acp: { label: "c" },
          match: {
            channel: "imessage",
            accountId: "default",
            peer: { kind: "group", id: "chat_id:123" },
          },
        },
      ],
      session: { dmScope: "per-peer", identityLinks: { kim: ["+15550100"] } },
      models: {
        providers: {
          local: {
            baseUrl: "http://127.0.0.1:1/v1",
            apiKey: "$".concat("{LOCAL_KEY}"),
            api: "openai-completions",
          },
        },
      },
      commands: { ownerAllowFrom: ["+15550100"] },
      messages: { responsePrefix: "[bot]", queue: { mode: "steer" } },
    });
    expect(of("channels.imessage.dmPolicy")).toEqual({
      key: "channels.imessage.dmPolicy",
      action: "kept",
      to: "channels.imessage.dmPolicy",
    });
    expect(of("channels.imessage.streaming.chunkMode")).toMatchObject({
      action: "translated",
      to: "channels.imessage.chunkMode",
    });
    expect(of("agents.entries.main.default")).toMatchObject({
      action: "translated",
      to: "agents.list[0].default",
    });
    for (const key of [
      "meta",
      "channels.telegram",
      "channels.imessage.groups.42.tools.allow",
      "channels.imessage.healthMonitor.enabled",
      "agents.entries.gem.model",
      "agents.entries.main.groupChat.mentionPatterns[1]",
      "bindings[0]",
      "bindings[1].agentId",
      "tools",
    ])
      expect([key, of(key)?.action, typeof of(key)?.why]).toEqual([key, "dropped", "string"]);
    expect(access.gained).toEqual([
      "tools limits nothing here: agents are limited by their own set-up alone",
      "channels.imessage.groups.42.tools.allow limits nothing here: the agent has all its tools there",
    ]);
    // What is lost is what only the pattern that RE2 does not take would have matched.
    expect(access.lost).toContain('work: +15550100 in group 42, writing "x hello"');
    expect(access.lost.filter((line) => !line.endsWith('writing "x hello"'))).toEqual([]);
  });

  it("closes what was never open: `open` without the star", async () => {
    const { config, access } = await run(
      "openclaw",
      '{ channels: { imessage: { dmPolicy: "open", allowFrom: ["a@example.com"] } } }',
    );
    expect(config).toEqual({
      channels: { imessage: { dmPolicy: "allowlist", allowFrom: ["a@example.com"] } },
    });
    expect(access).toEqual({ gained: [], lost: [] });
    const accounts = await run(
      "openclaw",
      '{ channels: { imessage: { dmPolicy: "open", allowFrom: ["*"], accounts: { a: { allowFrom: ["a@example.com"] }, b: {} } } } }',
    );
    expect(accounts.config).toMatchObject({
      channels: {
        imessage: { accounts: { a: { dmPolicy: "allowlist", allowFrom: ["a@example.com"] }, b: {} } },
      },
    });
    expect(accounts.access).toEqual({ gained: [], lost: [] });
  });

  it("keeps a list that loses every entry, because an unset one would admit others", async () => {
    const { config } = await run(
      "openclaw",
      '{ channels: { imessage: { allowFrom: ["+15550100"], groupAllowFrom: ["nobody:1"] } } }',
    );
    expect(config).toMatchObject({ channels: { imessage: { groupAllowFrom: [] } } });
  });

  it("keeps a group whose settings all have no counterpart, because it closes the others", async () => {
    const { config, access } = await run(
      "openclaw",
      '{ channels: { imessage: { groupPolicy: "open", groups: { "42": { tools: { deny: ["x"] } } } } } }',
    );
    expect(config).toEqual({ channels: { imessage: { groupPolicy: "open", groups: { "42": {} } } } });
    expect(access).toEqual({
      gained: [
        "channels.imessage.groups.42.tools.deny limits nothing here: the agent has all its tools there",
      ],
      lost: [],
    });
  });

  it("survives keys that an object inherits", async () => {
    const { config } = await run(
      "openclaw",
      '{ channels: { imessage: { dms: { constructor: null }, accounts: { constructor: { name: "x" }, "__proto__": { polluted: true, name: "y" } } } } }',
    );
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect((Object as unknown as Record<string, unknown>).name).toBe("Object");
    expect(JSON.stringify(config)).toContain('"constructor":{"name":"x"}');
  });
});

describe("importing Clawdbot", () => {
  it("moves the block and writes its open groups out", async () => {
    const { config, of, access } = await run(
      "clawdbot",
      `{
        imessage: { enabled: true, cliPath: "imsg", dmPolicy: "pairing", allowFrom: ["+15555550123"], accounts: { two: { name: "Two", dbPath: "/x" } } },
        routing: { groupChat: { mentionPatterns: ["@clawd"] }, agents: { home: { mentionPatterns: ["home"], workspace: "~/h" } }, defaultAgentId: "home",
          bindings: [{ agentId: "home", match: { provider: "imessage" } }, { agentId: "home", match: { provider: "whatsapp" } }] },
        messages: { responsePrefix: "🦞" },
        agent: { workspace: "~/clawd", model: "anthropic/claude-x" },
      }`,
    );
    expect(config).toEqual({
      channels: {
        imessage: {
          enabled: true,
          cliPath: "imsg",
          dmPolicy: "pairing",
          allowFrom: ["+15555550123"],
          groupPolicy: "open",
          accounts: { two: { name: "Two", dbPath: "/x" } },
        },
      },
      messages: { responsePrefix: "🦞", groupChat: { mentionPatterns: ["@clawd"] } },
      agents: {
        defaults: { workspace: "~/clawd", model: "anthropic/claude-x" },
        list: [{ id: "home", workspace: "~/h", default: true, groupChat: { mentionPatterns: ["home"] } }],
      },
    });
    // Without an account it was for "default", and only "two" was served.
    expect(of("routing.bindings[0]")).toMatchObject({ action: "dropped" });
    expect(of("imessage.groupPolicy")).toMatchObject({
      action: "translated",
      to: "channels.imessage.groupPolicy",
    });
    expect(of("routing.bindings[1]")).toMatchObject({ action: "dropped" });
    expect(access).toEqual({ gained: [], lost: [] });
  });
});

describe("importing BlueBubbles", () => {
  const source = `{
    channels: { bluebubbles: {
      serverUrl: "http://mac:1234", password: "s3cret", dmPolicy: "allowlist", allowFrom: ["bluebubbles:+15550100"],
      groups: { "iMessage;+;chat88": { requireMention: false }, "iMessage;+;chat99": {} },
      coalesceSameSenderDms: true, actions: { edit: false }, sendReadReceipts: false,
    } },
    bindings: [{ agentId: "main", match: { channel: "bluebubbles", peer: { kind: "group", id: "iMessage;+;chat88" } } }],
  }`;

  it("finds groups by GUID among the chats, and says which it could not find", async () => {
    const chats = [{ id: 12, guid: "any;+;chat88", identifier: "chat88" }];
    const { config, of, access, text, report } = await run("bluebubbles", source, chats);
    expect(config).toEqual({
      channels: {
        imessage: {
          dmPolicy: "allowlist",
          allowFrom: ["+15550100"],
          groups: { "12": { requireMention: false } },
          coalesceSameSenderDms: true,
          actions: { edit: false },
          sendReadReceipts: false,
        },
      },
      bindings: [
        {
          agentId: "main",
          match: { channel: "imessage", peer: { kind: "group", id: "chat_guid:iMessage;+;chat88" } },
        },
      ],
    });
    expect(of('channels.bluebubbles.groups["iMessage;+;chat99"]')).toMatchObject({ action: "dropped" });
    expect(of("channels.bluebubbles.password")).toMatchObject({ action: "dropped" });
    expect(access).toEqual({ gained: [], lost: ["default: +15550100 in group iMessage;+;chat99"] });
    expect(text + JSON.stringify(report)).not.toContain("s3cret");
  });

  it("closes groups rather than opening all when none could be found", async () => {
    const { config, access } = await run("bluebubbles", source);
    expect(config).toMatchObject({ channels: { imessage: { groupPolicy: "disabled" } } });
    expect(access.gained).toEqual([]);
    expect(access.lost).toHaveLength(2);
  });

  it("closes them whatever the policy is, and wherever it stands", async () => {
    const { config, access } = await run(
      "bluebubbles",
      `{ channels: { bluebubbles: { groupPolicy: "open", groups: { "iMessage;+;chat88": {} },
        accounts: { a: {}, b: { groupPolicy: "open" }, c: { groupPolicy: "allowlist", groupAllowFrom: ["*"] } } } } }`,
    );
    expect(config).toMatchObject({
      channels: {
        imessage: {
          accounts: {
            a: { groupPolicy: "disabled" },
            b: { groupPolicy: "disabled" },
            c: { groupPolicy: "disabled" },
          },
        },
      },
    });
    expect(access.gained).toEqual([]);
  });
});

describe("importFrom", () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "tapback-import-"));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  function write(path: string, content: unknown): void {
    mkdirSync(join(home, path, ".."), { recursive: true });
    writeFileSync(join(home, path), typeof content === "string" ? content : JSON.stringify(content));
  }

  it("finds the file, the approved senders and the cursors by itself", async () => {
    write(".openclaw/openclaw.json", "{ channels: { imessage: { accounts: { default: {}, work: {} } } } }");
    write(".openclaw/credentials/imessage-allowFrom.json", {
      version: 1,
      allowFrom: ["+15550100", "*", "+"],
    });
    write(".openclaw/credentials/imessage-work-allowFrom.json", ["a@example.com"]);
    write(".openclaw/credentials/telegram-allowFrom.json", ["5"]);
    write(".openclaw/imessage/catchup/work__ab12.json", {
      lastSeenMs: 5,
      lastSeenRowid: 7,
      updatedAt: 6,
      failureRetries: { g: 2, h: "x" },
    });
    write(".openclaw/imessage/catchup/broken__ab12.json", "{");
    const result = await importFrom({ env: {}, home });
    if (!result.ok) throw result.error;
    expect(result.value).toMatchObject({
      dialect: "openclaw",
      changed: true,
      approved: [
        { account: "default", handle: "+15550100" },
        { account: "work", handle: "a@example.com" },
      ],
      cursors: [{ account: "work", lastSeenMs: 5, lastSeenRowid: 7, updatedAt: 6, failureRetries: { g: 2 } }],
      access: { gained: [], lost: [] },
    });
    const again = await importFrom({ env: {}, home, current: result.value.text });
    expect(again).toMatchObject({ ok: true, value: { changed: false } });
  });

  it("takes accounts and agents whose ids are compared in another form here as they are", async () => {
    write(
      ".openclaw/openclaw.json",
      `{
        channels: { imessage: {
          allowFrom: ["+15550100"], defaultAccount: "work_phone",
          accounts: { home: {}, work_phone: {}, "Büro": {}, "my  phone": {} },
        } },
        agents: { list: [{ id: "main", default: true }, { id: "Büro_bot" }] },
        bindings: [
          { agentId: "Büro_bot", match: { channel: "imessage", accountId: "work_phone" } },
          { agentId: "b-ro_bot", match: { channel: "imessage", accountId: "b-ro" } },
          { agentId: "main", match: { channel: "imessage", accountId: "*", peer: { kind: "group", id: "7" } } },
        ],
      }`,
    );
    for (const [id, handle] of [
      ["", "own@example.com"],
      ["-home", "home@example.com"],
      ["-work_phone", "work@example.com"],
      ["-b-ro", "buero@example.com"],
      ["-!!", "odd@example.com"],
    ])
      write(`.openclaw/credentials/imessage${id}-allowFrom.json`, [handle]);
    for (const [id, lastSeenRowid] of [
      ["home", 1],
      ["work_phone", 2],
      ["b-ro", 3],
      ["my-phone", 4],
    ])
      write(`.openclaw/imessage/catchup/${id}__ab12.json`, { lastSeenMs: 5, lastSeenRowid });
    const result = await importFrom({ env: {}, home });
    if (!result.ok) throw result.error;
    const { config, access, approved, cursors } = result.value;
    expect(access).toEqual({ gained: [], lost: [] });
    expect(config).toMatchObject({
      channels: { imessage: { accounts: { home: {}, work_phone: {}, Büro: {}, "my  phone": {} } } },
    });
    expect(JSON.stringify(config)).not.toContain("enabled");
    const { bindings } = config as { bindings: { agentId: string; match: { accountId: string } }[] };
    expect(bindings.map(({ agentId, match }) => [agentId, match.accountId])).toEqual([
      ["Büro_bot", "work_phone"],
      ["büro-bot", "büro"],
      ["main", "home"],
      ["main", "work-phone"],
      ["main", "büro"],
      ["main", "my--phone"],
    ]);
    expect(approved.map(({ account, handle }) => `${account} ${handle}`).sort()).toEqual([
      "büro buero@example.com",
      "home home@example.com",
      "work-phone own@example.com",
      "work-phone work@example.com",
    ]);
    expect(cursors.map(({ account, lastSeenRowid }) => `${account} ${lastSeenRowid}`).sort()).toEqual([
      "büro 3",
      "home 1",
      "my--phone 4",
      "work-phone 2",
    ]);
  });

  it("gives an account that is left out for its id to none beside it", async () => {
    write(
      ".openclaw/openclaw.json",
      '{ channels: { imessage: { accounts: { work_phone: { allowFrom: ["+15550100"] }, "work-phone": { allowFrom: ["+15550101"] } } } } }',
    );
    write(".openclaw/credentials/imessage-work_phone-allowFrom.json", ["kept@example.com"]);
    write(".openclaw/credentials/imessage-work-phone-allowFrom.json", ["left@example.com"]);
    write(".openclaw/imessage/catchup/work-phone__ab12.json", { lastSeenMs: 5, lastSeenRowid: 7 });
    const result = await importFrom({ env: {}, home });
    if (!result.ok) throw result.error;
    const { config, access, approved, cursors } = result.value;
    expect(config).toEqual({
      channels: { imessage: { accounts: { work_phone: { allowFrom: ["+15550100"] } } } },
    });
    expect(access.gained).toEqual([]);
    expect(access.lost).toContain("work-phone (left out): +15550101 in direct chats");
    expect(approved).toEqual([{ account: "work-phone", handle: "kept@example.com" }]);
    expect(cursors).toEqual([]);
  });

  it("honours the other system's variables, and takes a named file", async () => {
    write("elsewhere/remoteclaw.json", "{ channels: { imessage: { name: 'remote' } } }");
    write("old.json5", "{ imessage: { region: 'DE' } }");
    const env = { REMOTECLAW_STATE_DIR: join(home, "elsewhere") };
    expect(await importFrom({ env, home })).toMatchObject({ ok: true, value: { dialect: "remoteclaw" } });
    const named = await importFrom({ env, home, file: "~/old.json5" });
    expect(named).toMatchObject({
      ok: true,
      value: {
        dialect: "clawdbot",
        config: { channels: { imessage: { region: "DE", groupPolicy: "open" } } },
      },
    });
  });

  it("says where it looked when there is nothing", async () => {
    const result = await importFrom({ env: {}, home, dialect: "clawdbot" });
    expect(result).toMatchObject({ ok: false, error: { code: "IMPORT_NOT_FOUND" } });
    write(".clawdbot/clawdbot.json", "{ broken");
    expect(await importFrom({ env: {}, home })).toMatchObject({
      ok: false,
      error: { code: "IMPORT_UNREADABLE" },
    });
  });
});
