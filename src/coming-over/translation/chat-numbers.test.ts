import JSON5 from "json5";
import { describe, expect, it } from "vitest";
import type { Tree } from "../../config/fitting/index.js";
import { importConfig } from "../import-config.js";

async function imported(block: string) {
  const old = JSON5.parse<Tree>(`{ channels: { imessage: { ${block} } } }`);
  const { config, report, access } = await importConfig({
    dialect: "remoteclaw",
    old,
    approved: [],
    chats: [],
    env: {},
  });
  expect(access.gained).toEqual([]);
  return { config, of: (key: string) => report.find((line) => line.key === key) };
}

describe("numbers of chats that several accounts inherit", () => {
  it("go to each account that took the list, and the report says so", async () => {
    const { config, of } = await imported(
      'allowFrom: ["+15550100123", "chat_id:1"], groupAllowFrom: ["chat_id:1"], accounts: { home: {}, work: {} }',
    );
    const lists = { allowFrom: ["+15550100123", "chat_id:1"], groupAllowFrom: ["chat_id:1"] };
    expect(config).toEqual({ channels: { imessage: { accounts: { home: lists, work: lists } } } });
    expect(of("channels.imessage.allowFrom")).toMatchObject({
      action: "translated",
      to: "channels.imessage.accounts.home.allowFrom",
      why: expect.stringContaining("a number is a chat of one account"),
    });
  });

  it("go to each account that took the groups, and open no other group to anybody", async () => {
    const { config } = await imported(
      `groupPolicy: "open", groups: { "*": {}, "7": { requireMention: true } },
       accounts: { a: {}, b: { groupPolicy: "open" }, c: { groups: { "7": {} } }, d: { enabled: false } }`,
    );
    const groups = { "*": {}, "7": { requireMention: true } };
    expect(config).toEqual({
      channels: {
        imessage: {
          groupPolicy: "open",
          accounts: {
            a: { groups },
            b: { groupPolicy: "open", groups },
            c: { groups: { "7": {} } },
            d: { enabled: false, groups },
          },
        },
      },
    });
  });

  it("stay where one account alone has them", async () => {
    const { config } = await imported(
      'allowFrom: ["chat_id:1"], groups: { "7": {} }, accounts: { a: {}, b: { allowFrom: [], groups: {} } }',
    );
    expect(config).toMatchObject({
      channels: { imessage: { allowFrom: ["chat_id:1"], groups: { "7": {} } } },
    });
  });
});
