import { describe, expect, it } from "vitest";
import { checkSource } from "./check.js";

const one = async (source: string, env = {}) => (await checkSource(source, env)).errors;

describe("checkSource", () => {
  it("accepts an empty object and fills in every default", async () => {
    const { config, errors, warnings } = await checkSource("{}", {});
    expect(errors).toEqual([]);
    expect(warnings).toEqual([]);
    expect(config).toMatchObject({
      session: { dmScope: "main" },
      gateway: { shutdownGraceMs: 10_000, console: { host: "127.0.0.1", port: 0, enabled: false } },
      agents: { defaults: { maxConcurrent: 8, timeoutSeconds: 600 }, list: [] },
      commands: { text: true, config: false, ownerServices: ["imessage"] },
    });
  });

  it.each([
    ["nope", null],
    ["opn", '"open"'],
    ["pairng", '"pairing"'],
    ["disable", '"disabled"'],
    ["off", null],
  ])("suggests for dmPolicy %s what was probably meant, and no guess", async (word, suggestion) => {
    const [error] = await one(`{ channels: { imessage: { dmPolicy: "${word}" } } }`);
    expect(error!.suggestion).toBe(suggestion);
  });

  it("names line, column and the near key of a typo", async () => {
    const errors = await one("{\n  channels: {\n    imessage: { dmPolcy: 'open' },\n  },\n}");
    expect(errors).toEqual([
      expect.objectContaining({
        path: "channels.imessage.dmPolcy",
        line: 3,
        column: 17,
        message: "unknown key",
        suggestion: "dmPolicy",
      }),
    ]);
  });

  it("reports everything at once, in the order of the text", async () => {
    const errors = await one(`{
      channels: { imessage: { dmPolicy: "opn", historyLimit: -1, allowFrom: [+15555550123], groups: { "chat_id:42": {} } } },
      bindings: [{ agentId: "mian", match: {} }],
      logging: { level: "\${LEVEL}" }, messages: { groupChat: { mentionPatterns: ["(a)\\\\1", "("] } },
      session: {}, session: {},
    }`);
    expect(errors.map(({ path, line, suggestion }) => [path, line, suggestion])).toEqual([
      ["channels.imessage.dmPolicy", 2, '"open"'],
      ["channels.imessage.historyLimit", 2, null],
      ["channels.imessage.allowFrom[0]", 2, '"+15555550123", in quotes'],
      ['channels.imessage.groups["chat_id:42"]', 2, "42"],
      ["bindings[0].agentId", 3, '"main"'],
      ["logging.level", 4, null],
      ["messages.groupChat.mentionPatterns[0]", 4, null],
      ["messages.groupChat.mentionPatterns[1]", 4, null],
      ["session", 5, null],
    ]);
  });

  it("repeats no secret, neither one that is written nor one from the environment", async () => {
    const source = `{
      models: { providers: { openai: { apiKey: 123456789012, headers: { A: 987654321098 } } } },
      logging: { level: "\${KEY}" },
    }`;
    const errors = await one(source, { KEY: "sk-secret" });
    expect(errors.map(({ path }) => path)).toEqual([
      "models.providers.openai.apiKey",
      "models.providers.openai.headers.A",
      "logging.level",
    ]);
    expect(JSON.stringify(errors)).not.toMatch(/123456789012|987654321098|sk-secret/);
  });
});
