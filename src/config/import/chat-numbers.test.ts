import JSON5 from "json5";
import { describe, expect, it } from "vitest";
import { importConfig } from "./core.js";
import type { Tree } from "./report.js";

async function imported(block: string) {
  const old = JSON5.parse<Tree>(`{ channels: { imessage: { ${block} } } }`);
  const { config, report, access } = await importConfig({
    dialect: "openclaw",
    old,
    approved: [],
    chats: [],
    env: {},
  });
  expect(access.gained).toEqual([]);
  return { config, of: (key: string) => report.find((line) => line.key === key) };
}

describe("numbers of chats that several accounts inherit", () => {
  it("are left out of lists, and the report says where they belong", async () => {
    const { config, of } = await imported(
      'allowFrom: ["+15550100123", "chat_id:1"], groupAllowFrom: ["chat_id:1"], accounts: { home: {}, work: {} }',
    );
    expect(config).toMatchObject({
      channels: { imessage: { allowFrom: ["+15550100123"], groupAllowFrom: [] } },
    });
    expect(of("channels.imessage.allowFrom[1]")).toMatchObject({
      action: "dropped",
      why: expect.stringContaining("channels.imessage.accounts.home.allowFrom"),
    });
  });

  it("are left out of groups, and those who had them stay closed rather than open to all", async () => {
    const { config, of } = await imported(
      `groupPolicy: "open", groups: { "*": {}, "7": { enabled: false } },
       accounts: { a: {}, b: { groupPolicy: "open" }, c: { groups: { "7": {} } }, d: { enabled: false } }`,
    );
    expect(config).toEqual({
      channels: {
        imessage: {
          groupPolicy: "open",
          groups: { "*": {} },
          accounts: {
            a: { groupPolicy: "disabled" },
            b: { groupPolicy: "disabled" },
            c: { groups: { "7": {} } },
            d: { enabled: false, groupPolicy: "disabled" },
          },
        },
      },
    });
    expect(of("channels.imessage.groups.7")).toMatchObject({
      action: "dropped",
      why: expect.stringContaining("in the groups of the account that has this chat"),
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
