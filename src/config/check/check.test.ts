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

describe("a text that is too much", () => {
  const levels = 20_000;

  it.each([
    ["objects", `${"{a:".repeat(levels)}1${"}".repeat(levels)}`, 301],
    ["lists", `{channels:${"[".repeat(levels)}${"]".repeat(levels)}}`, 110],
  ])("says where %s stand in each other too deep", async (_what, source, column) => {
    expect((await checkSource(source, {})).errors).toEqual([
      {
        path: "",
        line: 1,
        column,
        message: "objects and lists stand in each other more than 100 levels deep",
        expected: "at most 100 levels",
        suggestion: null,
      },
    ]);
  });

  it("takes a hundred levels", async () => {
    const { errors } = await checkSource(`{a:${"[".repeat(99)}${"]".repeat(99)}}`, {});
    expect(errors.map(({ message }) => message)).toEqual(["unknown key"]);
  });

  const many = (line: (index: number) => string) =>
    Array.from({ length: 10_000 }, (_, i) => line(i)).join(",\n");
  it.each([
    ["unknown keys", `{${many((i) => `key${i}: 1`)}}`, "unknown key", "9,900"],
    [
      "wrong entries",
      `{channels:{imessage:{allowFrom:[${many((i) => `"x:${i}"`)}]}}}`,
      '"x:" is not a known prefix',
      "9,900",
    ],
    ["repeated keys", `{${many(() => "channels:{}")}}`, "this key stands here twice", "9,899"],
    [
      "missing variables",
      `{logging:{file:[${many((i) => `"\${A${i}}"`)}]}}`,
      "the environment has no variable A0",
      // And one that a file is no list.
      "9,901",
    ],
  ])("names the first hundred of many %s, and how many more", async (_what, source, first, more) => {
    const { errors } = await checkSource(source, {});
    expect(errors).toHaveLength(101);
    expect(errors[0]!.message).toBe(first);
    expect(errors[100]).toMatchObject({ path: "", message: `${more} more problems of the file` });
  });

  it("does not repeat a key of a megabyte", async () => {
    const { errors } = await checkSource(`{${"k".repeat(1_000_000)}: 1}`, {});
    expect(JSON.stringify(errors).length).toBeLessThan(2000);
  });
});
