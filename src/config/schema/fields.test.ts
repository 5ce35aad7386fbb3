import { describe, expect, it } from "vitest";
import { resolveAccount } from "../accounts.js";
import { checkSource } from "../check/check.js";
import { valueAt } from "../check/issues.js";
import { diffConfig } from "../diff.js";
import { setIn } from "../edit/model.js";
import { parsePath } from "../path.js";
import { referenceFields } from "../reference/index.js";
import type { accountFields } from "./account.js";

/** Valid and invalid values per field of an account; the first valid one is not the default. */
const account: Record<keyof typeof accountFields, { valid: unknown[]; invalid: unknown[] }> = {
  enabled: { valid: [false, true], invalid: ["yes", 1, null] },
  name: { valid: ["Work"], invalid: ["", 5] },
  cliPath: { valid: ["/usr/local/bin/imsg", "~/bin/imsg-ssh", "imsg-sim"], invalid: ["", true] },
  dbPath: { valid: ["/Users/bot/Library/Messages/chat.db", "~/chat.db"], invalid: ["", 7] },
  remoteHost: {
    valid: ["mac-mini", "bot@mac-mini.tailnet-1234.ts.net", "me@192.168.1.4", "u@[fe80::1]"],
    invalid: ["-oProxyCommand=x", "bot@-oX", "host -p 22", "a b@c", "host;rm", "", "u@", "@h"],
  },
  service: { valid: ["sms", "imessage", "auto"], invalid: ["SMS", "rcs", ""] },
  region: { valid: ["DE", "gb"], invalid: ["USA", "", "1A"] },
  dmPolicy: { valid: ["allowlist", "disabled", "pairing"], invalid: ["all", "Pairing", false] },
  allowFrom: {
    valid: [
      ["+1 (555) 010-0123"],
      ["Kim@Example.com", "chat_id:7", "*"],
      ["imessage:+15550100", "tel:+1555"],
      ["chat_guid:any;+;x"],
    ],
    invalid: [
      ["chatid:7"],
      ["chat_id:x"],
      [""],
      [5],
      "+1555",
      ["+1555abc"],
      ["kim@"],
      ["*@example.com"],
      ["５５５０１００１２３"],
    ],
  },
  groupPolicy: { valid: ["open", "disabled"], invalid: ["pairing", ""] },
  groupAllowFrom: { valid: [[], ["+15550100"]], invalid: [["whatsapp:1"], {}] },
  groups: {
    valid: [
      { "42": { requireMention: false } },
      { "*": { systemPrompt: "", enabled: false, allowFrom: ["*"], agentId: "main" } },
    ],
    invalid: [
      { "42": { requireMentoin: true } },
      { "chat_id:42": {} },
      { "0": {} },
      [],
      { "42": { allowFrom: "x" } },
    ],
  },
  includeAttachments: { valid: [true], invalid: ["true"] },
  attachmentRoots: { valid: [["/srv/*/x"], []], invalid: [["relative"], ["/a/../etc"], "/x"] },
  remoteAttachmentRoots: { valid: [["/Users/bot/Library"]], invalid: [["~/x"], [5]] },
  mediaMaxMb: { valid: [0.5, 100], invalid: [0, -1, "16"] },
  textChunkLimit: { valid: [1, 20_000], invalid: [0, 1.5, -4] },
  chunkMode: { valid: ["newline", "length"], invalid: ["paragraph"] },
  historyLimit: { valid: [0, 10], invalid: [-1, 0.5] },
  dmHistoryLimit: { valid: [5], invalid: [-1] },
  dms: {
    valid: [{ "+15550100": { historyLimit: 3 } }, { "kim@example.com": {} }],
    invalid: [{ "+15550100": { historyLimit: -3 } }, { "*": {} }, { "x:1": {} }],
  },
  actions: {
    valid: [{ edit: false }, { polls: false, reactions: true }],
    invalid: [{ react: true }, { edit: "no" }],
  },
  sendReadReceipts: { valid: [false], invalid: [0] },
  typing: { valid: [false], invalid: ["off"] },
  reactionNotifications: { valid: ["all", "off"], invalid: ["mine"] },
  coalesceSameSenderDms: { valid: [true], invalid: [1] },
  waitWhileTyping: { valid: [false], invalid: ["yes"] },
  catchup: {
    valid: [{ enabled: true, perRunLimit: 500 }],
    invalid: [{ perRunLimit: "9" }, { maxAge: 1 }, true],
  },
  configWrites: { valid: [false], invalid: [null] },
  sendTransport: { valid: ["bridge", "applescript"], invalid: ["api"] },
  watchDebounceMs: { valid: [0, 5000], invalid: [5001, -1, 1.5] },
  probeTimeoutMs: { valid: [1, 60_000], invalid: [0, "10s"] },
  streaming: { valid: ["block"], invalid: [true, "off"] },
  maxBubbles: { valid: [1, 20], invalid: [0, 21] },
  outbound: {
    valid: [
      { ttlMinutes: 5 },
      { newConversationsPerDay: 0 },
      { quietHours: "22:00-07:00" },
      { quietHours: "" },
    ],
    invalid: [
      { ttlMinutes: 0 },
      { perHour: 1 },
      { quietHours: "22-7" },
      { quietHours: "07:00-07:00" },
      { quietHours: "24:00-07:00" },
    ],
  },
  handoff: { valid: [{ quietMinutes: 15 }], invalid: [{ quietMinutes: -1 }, 15] },
  review: { valid: ["on", "off"], invalid: ["maybe", true] },
  reviewExpireMinutes: { valid: [30], invalid: [0, 0.5, 10_081] },
  missedSummary: { valid: ["agent", "off"], invalid: ["nobody"] },
};

/** The same for every other field; a path with `<name>` or `[]` is tried in the holder given beside it. */
const others: Record<string, { valid: unknown[]; invalid: unknown[]; beside?: Record<string, unknown> }> = {
  $schema: { valid: ["./schema.json"], invalid: [5] },
  "channels.defaults.groupPolicy": { valid: ["open"], invalid: ["pairing"] },
  "channels.imessage.defaultAccount": { valid: ["default", "DEFAULT"], invalid: ["", "nobody", 5] },
  "channels.imessage.accounts": {
    valid: [{ a: {} }],
    invalid: [{ "!!": {} }, [], { a: { x: 1 } }, { a: {}, A: {} }],
  },
  "session.dmScope": { valid: ["per-peer", "per-account-channel-peer"], invalid: ["peer"] },
  "session.identityLinks": {
    valid: [{ kim: ["+15550100", "imessage:kim@example.com"] }],
    invalid: [{ kim: "x" }, { kim: ["x:1"] }],
  },
  "agents.defaults.maxConcurrent": { valid: [1], invalid: [0, 1.5] },
  "agents.defaults.timeoutSeconds": { valid: [30], invalid: [0, 100_000] },
  "agents.defaults.model": {
    valid: ["anthropic/x", "ollama/llama3:8b"],
    invalid: ["claude", "nobody/x", "anthropic/"],
  },
  "agents.defaults.workspace": { valid: ["~/agents"], invalid: [""] },
  "agents.defaults.userTimezone": { valid: ["Europe/Berlin", "UTC"], invalid: ["", "Berlin", "Mars/Base"] },
  "agents.list": {
    valid: [[{ id: "a", name: "A", default: true, systemPrompt: "" }]],
    invalid: [[{}], [{ id: "--" }], [{ id: "a" }, { id: "A" }]],
  },
  "agents.list[0].identity": {
    valid: [{ name: "Bo", emoji: "🦊", theme: "dry" }],
    invalid: [{ avatar: "x" }, { name: "" }],
    beside: { "agents.list": [{ id: "a" }] },
  },
  "agents.list[0].model": {
    valid: ["openai/gpt"],
    invalid: [{ primary: "x" }, "x"],
    beside: { "agents.list": [{ id: "a" }] },
  },
  "agents.list[0].workspace": { valid: ["/srv/a"], invalid: [""], beside: { "agents.list": [{ id: "a" }] } },
  "agents.list[0].groupChat.mentionPatterns": {
    valid: [["@?bot\\b", "^hey"], []],
    invalid: [["("], ["(?=x)"], ["(a)\\1"], "x"],
    beside: { "agents.list": [{ id: "a" }] },
  },
  "agents.list[0].runtime": {
    valid: [
      { type: "demo" },
      { type: "acp" },
      {
        type: "acp",
        acp: {
          agent: "codex",
          backend: "acpx",
          mode: "oneshot",
          cwd: "~/x",
          command: "npx",
          args: ["-y"],
          env: { A: "b" },
        },
      },
      { type: "channel" },
      { type: "channel", oneSession: true, waitingAfterMinutes: 0, waitingReply: "" },
      { type: "llm", model: "lmstudio/x", contextMessages: 5, maxSteps: 1, maxOutputTokens: 100 },
      {
        type: "llm",
        model: "lmstudio/x",
        mcpServers: {
          files: { command: "npx", args: ["-y", "x"], env: { A: "b" }, cwd: "~/x", offerTo: "everyone" },
          web: { url: "https://example.com/mcp", headers: { "X-A": "b" } },
        },
      },
      { type: "command", command: "./x", args: ["a"], env: { A_1: "" }, cwd: "/", output: "jsonl" },
      { type: "http", url: "https://example.com/hook", secret: "s", headers: { "X-A": "b" } },
    ],
    invalid: [
      { type: "channel", waitingAfterMinutes: 1441 },
      { type: "channel", command: "x" },
      { type: "shell" },
      {},
      { type: "demo", x: 1 },
      { type: "llm" },
      { type: "llm", model: "x" },
      { type: "llm", model: "lmstudio/x", mcpServers: { a_b: { command: "x" } } },
      { type: "llm", model: "lmstudio/x", mcpServers: { a: { command: "x", offerTo: "guests" } } },
      { type: "llm", model: "lmstudio/x", mcpServers: { a: { url: "file:///x" } } },
      { type: "llm", model: "lmstudio/x", mcpServers: { a: {} } },
      { type: "llm", model: "lmstudio/x", mcpServers: { a: { command: "x", url: "http://x" } } },
      { type: "llm", model: "lmstudio/x", mcpServers: { a: { url: "http://x", args: ["y"] } } },
      { type: "acp", acp: { mode: "forever" } },
      { type: "command" },
      { type: "command", command: "x", output: "xml" },
      { type: "command", command: "x", env: { "A-B": "c" } },
      { type: "http", url: "file:///etc/passwd" },
      { type: "http", url: "https://example.com", headers: { "a b": "c" } },
    ],
    beside: { "agents.list": [{ id: "a" }] },
  },
  bindings: {
    valid: [
      [{ agentId: "MAIN", match: {} }],
      [
        {
          type: "route",
          agentId: "main",
          comment: "x",
          match: { channel: "imessage", accountId: "*", peer: { kind: "dm", id: "+1555" } },
        },
      ],
      [
        {
          type: "acp",
          agentId: "main",
          match: { peer: { kind: "group", id: "chat_id:123" } },
          acp: { label: "x", mode: "persistent" },
        },
      ],
      [{ agentId: "main", match: { peer: { kind: "group", id: "*" } } }],
    ],
    invalid: [
      [{ match: {} }],
      [{ agentId: "main" }],
      [{ agentId: "other", match: {} }],
      [{ agentId: "main", match: { channel: "telegram" } }],
      [{ agentId: "main", match: { peer: { kind: "room", id: "x" } } }],
      [{ agentId: "main", match: { peer: { kind: "group", id: "42" } } }],
      [{ agentId: "main", match: { peer: { kind: "group", id: "+15550100" } } }],
      [{ agentId: "main", match: {}, acp: {} }],
    ],
  },
  "messages.groupChat.mentionPatterns": { valid: [["bot"]], invalid: [["["], [""], 5] },
  "messages.responsePrefix": { valid: ["[bot] ", ""], invalid: [5] },
  "messages.failureReply": { valid: ["", "Oops."], invalid: [null] },
  "messages.progressReply": { valid: ["", "One moment."], invalid: [5] },
  "messages.progressAfterSeconds": { valid: [0, 30], invalid: [-1, 0.5, "30"] },
  "messages.inbound.debounceMs": { valid: [100], invalid: [-1] },
  "messages.inbound.byChannel.imessage": { valid: [2500, 0], invalid: ["2s"] },
  "messages.queue.mode": { valid: ["collect", "interrupt", "steer"], invalid: ["queue"] },
  "commands.text": { valid: [false], invalid: [0] },
  "commands.config": { valid: [true], invalid: ["on"] },
  "commands.ownerAllowFrom": { valid: [["+15550100"]], invalid: [["*"], ["x:1"], "+15550100"] },
  "commands.ownerServices": { valid: [["imessage", "sms"], []], invalid: [["whatsapp"], "sms"] },
  "pairing.services": { valid: [["imessage"]], invalid: [["x"]] },
  "optOut.words": { valid: [["genug"]], invalid: [[""], "x"] },
  "acp.agent": { valid: ["codex"], invalid: [""] },
  "acp.backend": { valid: ["direct"], invalid: ["x"] },
  "acp.mode": { valid: ["oneshot"], invalid: ["x"] },
  "acp.cwd": { valid: ["~/x"], invalid: [""] },
  "acp.command": { valid: ["npx"], invalid: [""] },
  "acp.args": { valid: [["-y", ""]], invalid: ["-y"] },
  "acp.env": { valid: [{ A: "" }], invalid: [{ A: 1 }] },
  "acp.model": { valid: ["opus"], invalid: [""] },
  "acp.sessionMode": { valid: ["plan"], invalid: [""] },
  "acp.files": { valid: ["none", "read", "write"], invalid: ["all"] },
  "acp.terminal": { valid: [true, false], invalid: ["yes"] },
  "acp.idleSeconds": { valid: [1, 86_400], invalid: [0] },
  "acp.maxProcesses": { valid: [1, 1000], invalid: [0] },
  "acp.allowedAgents": { valid: [["codex"]], invalid: [[""]] },
  "acp.permissionTimeoutSeconds": { valid: [60], invalid: [0] },
  "models.providers": {
    valid: [
      { anthropic: { apiKey: "k" } },
      { openai: { prices: { "gpt-5": { inputPerMTok: 1.25, outputPerMTok: 0, currency: "EUR" } } } },
      { local: { baseUrl: "http://127.0.0.1:1/v1", api: "anthropic-messages", headers: { A: "b" } } },
    ],
    invalid: [
      { local: {} },
      { openai: { prices: { x: { inputPerMTok: -1, outputPerMTok: 1, currency: "EUR" } } } },
      { openai: { prices: { x: { inputPerMTok: 1, outputPerMTok: 1, currency: "euro" } } } },
      { openai: { prices: { x: { inputPerMTok: 1, currency: "EUR" } } } },
      { anthropic: { api: "x" } },
      { anthropic: { apiKey: "" } },
      { a: { baseUrl: "ftp://x" } },
    ],
  },
  alerts: {
    valid: [
      [],
      [{ type: "command", command: "~/bin/tell", args: ["a b"] }],
      [{ type: "webhook", url: "https://example.com/hook", secret: "s" }],
    ],
    invalid: [
      {},
      [{ type: "command" }],
      [{ type: "command", command: "" }],
      [{ type: "webhook", url: "file:///etc/passwd" }],
      [{ type: "webhook", url: "https://example.com", secret: "" }],
      [{ type: "mail", to: "a@example.com" }],
      Array.from({ length: 11 }, () => ({ type: "command", command: "tell" })),
    ],
  },
  webhooks: {
    valid: [
      [],
      [{ url: "https://example.com/hook", secret: `whsec_${"A".repeat(32)}` }],
      [
        {
          ...{ url: "http://127.0.0.1:9/x", secret: `whsec_${"A".repeat(43)}=`, events: ["turn"] },
          ...{ formerSecrets: [`whsec_${"B".repeat(32)}`], chats: ["chat_id:7"] },
        },
      ],
    ],
    invalid: [
      {},
      [{ url: "https://example.com/hook" }],
      [{ url: "file:///etc/passwd", secret: `whsec_${"A".repeat(32)}` }],
      [{ url: "https://example.com/hook", secret: "short" }],
      [{ url: "https://example.com/hook", secret: `whsec_${"A".repeat(32)}`, events: ["typing"] }],
      [{ url: "https://example.com/hook", secret: `whsec_${"A".repeat(32)}`, chats: [] }],
      Array.from({ length: 2 }, () => ({ url: "https://example.com", secret: `whsec_${"A".repeat(32)}` })),
    ],
  },
  store: {
    valid: [
      {},
      { url: "postgres://tapback:p%40ss@db.example.com:5432/tapback?schema=one" },
      { url: "postgresql:///tapback" },
    ],
    invalid: [[], { url: "" }, { url: "mysql://x/y" }, { url: "postgres://a b/c" }, { file: "state.db" }],
  },
  accessGroups: {
    valid: [
      { a: { members: [] } },
      {
        family: {
          type: "message.senders",
          members: { imessage: ["+15550100"], "*": ["kim@example.com"] },
          agentId: "main",
          tools: { allow: ["message"], deny: ["schedule"] },
          turnsPerDay: 1,
          tokensPerDay: 50_000,
        },
      },
    ],
    invalid: [
      { a: {} },
      { a: { members: { telegram: [] } } },
      { a: { members: "+1555" } },
      { a: { members: [], turnsPerDay: 0 } },
      { a: { members: [], tokensPerDay: 1.5 } },
      { a: { members: [], tools: { deny: [""] } } },
      { a: { type: "dynamic", members: [] } },
    ],
  },
  "voice.transcribe": {
    valid: [{ command: "~/bin/hear" }, { command: "hear", args: ["-f", "{file}"] }],
    invalid: [{}, { command: "" }, "hear", { command: "hear", args: "x" }],
  },
  "voice.speak": { valid: [{ command: "say", args: ["-o"] }], invalid: [{ args: [] }] },
  "voice.answer": { valid: ["text"], invalid: ["voice", "mirror"] },
  "gateway.shutdownGraceMs": { valid: [0, 5000], invalid: [-1, 3_000_000_000] },
  "gateway.retentionDays": { valid: [0, 0.5], invalid: [-1] },
  "gateway.keepAwake": { valid: [true], invalid: ["yes"] },
  "gateway.api.enabled": { valid: [true], invalid: ["yes"] },
  "gateway.api.host": { valid: ["::1", "0.0.0.0"], invalid: [""] },
  "gateway.api.port": { valid: [0, 8080], invalid: [70_000, "80", -1] },
  "gateway.console.enabled": { valid: [true], invalid: ["yes"] },
  "gateway.console.host": { valid: ["::1"], invalid: [""] },
  "gateway.console.port": { valid: [0, 8080], invalid: [70_000, "80"] },
  "logging.level": { valid: ["debug", "trace"], invalid: ["verbose"] },
  "logging.format": { valid: ["json"], invalid: ["xml"] },
  "logging.file": { valid: ["~/tapback.log"], invalid: [""] },
};

const pathOf = (text: string) => {
  const parsed = parsePath(text);
  if (!parsed.ok) throw parsed.error;
  return parsed.value;
};

async function check(fields: Record<string, unknown>) {
  const root = {};
  for (const [path, value] of Object.entries(fields)) setIn(root, pathOf(path), structuredClone(value));
  return checkSource(JSON.stringify(root, null, 2), {});
}

describe("every field of an account", () => {
  it.each(Object.entries(account))("%s", async (field, { valid, invalid }) => {
    const channel = `channels.imessage.${field}`;
    const own = `channels.imessage.accounts.work.${field}`;
    // A review needs an owner.
    const owned = { "commands.ownerAllowFrom": ["+15550100999"] };
    const before = (await check({ ...owned, "channels.imessage": { accounts: { work: {} } } })).config!;
    for (const value of valid) {
      const { config, errors } = await check({
        ...owned,
        "channels.imessage.accounts": { work: {} },
        [channel]: value,
      });
      expect([field, value, errors]).toEqual([field, value, []]);
      const overridden = await check({ ...owned, "channels.imessage.accounts": { work: {} }, [own]: value });
      expect([field, value, overridden.errors]).toEqual([field, value, []]);
      const get = (from: typeof config) =>
        resolveAccount(from!, "work")![field as keyof typeof accountFields];
      expect(get(overridden.config)).toEqual(get(config));
    }
    const changed = (await check({ ...owned, "channels.imessage.accounts": { work: {} }, [own]: valid[0] }))
      .config!;
    const diff = diffConfig(before, changed);
    expect(diff.changed.every((path) => path.startsWith(own))).toBe(true);
    expect([...diff.restart, ...diff.live, ...diff.removed]).toEqual(["work"]);
    for (const value of invalid) {
      for (const path of [channel, own]) {
        const { errors } = await check({ [path]: value });
        expect([path, value, errors.map((error) => error.path.startsWith(path))]).toEqual([
          path,
          value,
          errors.map(() => true),
        ]);
        expect([path, value, errors.length > 0]).toEqual([path, value, true]);
      }
    }
  });
});

describe("every other field", () => {
  it.each(Object.entries(others))("%s", async (path, { valid, invalid, beside = {} }) => {
    const blocks = { "channels.imessage": {}, ...beside };
    for (const value of valid) {
      const { config, errors } = await check({ ...blocks, [path]: value });
      expect([value, errors]).toEqual([value, []]);
      expect({ value: valueAt(config, pathOf(path)) }).toMatchObject({ value });
    }
    for (const value of invalid) {
      const { errors } = await check({ ...blocks, [path]: value });
      expect([value, errors.length > 0]).toEqual([value, true]);
      expect([value, errors[0]!.path.startsWith(path)]).toEqual([value, true]);
    }
  });

  it("is in these tables", () => {
    const tried = [
      ...Object.keys(others),
      ...Object.keys(account).map((field) => `channels.imessage.${field}`),
    ].map((path) => path.replace(/\[0\]/g, "[]"));
    const paths = referenceFields().map(({ path }) => path);
    const inside = (path: string, holder: string) =>
      path.startsWith(`${holder}.`) || path.startsWith(`${holder}[`);
    const leaves = paths.filter((path) => !paths.some((other) => inside(other, path)));
    const untried = leaves.filter((path) => !tried.some((known) => path === known || inside(path, known)));
    expect(leaves.length).toBeGreaterThan(90);
    expect(untried).toEqual([]);
  });
});
