import { describe, expect, it } from "vitest";
import { checkSource } from "../check.js";

const two = 'accounts: { home: { dbPath: "/h" }, work: { dbPath: "/w" } }';
const errors = async (block: string, rest = "") =>
  (await checkSource(`{ channels: { imessage: { ${block} } }, ${rest} }`, {})).errors;
const paths = async (block: string, rest = "") => (await errors(block, rest)).map(({ path }) => path);

describe("numbers of chats at channel level", () => {
  it("are an error where several accounts take them from there, and the error says where they belong", async () => {
    const [problem, ...more] = await errors(`allowFrom: ["+15550100123", "chat_id:1"], ${two}`);
    expect(more).toEqual([]);
    expect(problem).toMatchObject({ path: "channels.imessage.allowFrom[1]" });
    expect(problem!.message).toContain('chat_id:1 is another chat on each of the accounts "home" and "work"');
    expect(problem!.expected).toContain(
      "channels.imessage.accounts.home.allowFrom or channels.imessage.accounts.work.allowFrom",
    );
  });

  it("are found beside a list in which several entries are wrong", async () => {
    const found = await paths(`allowFrom: [1, 2], groupAllowFrom: ["chat_id:7"], ${two}`);
    expect(found).toEqual(
      ["allowFrom[0]", "allowFrom[1]", "groupAllowFrom[0]"].map((path) => `channels.imessage.${path}`),
    );
  });

  it.each([
    ['groupAllowFrom: ["chat_id:7", " imessage:CHATID: 8"]', ["groupAllowFrom[0]", "groupAllowFrom[1]"]],
    ['groups: { "*": {}, "7": { allowFrom: ["chat_id:7"] } }', ["groups.7"]],
    ['groups: { "*": { allowFrom: ["+15550100123", "chat_id:7"] } }', ["groups.*.allowFrom[1]"]],
  ])("are found in %s", async (fields, found) => {
    const at = (await paths(`${fields}, ${two}`)).map((path) =>
      path.replace("channels.imessage.", "").replaceAll('["*"]', ".*").replaceAll('"', ""),
    );
    expect(at).toEqual(found);
  });

  it.each([
    ["one account alone", 'allowFrom: ["chat_id:1"], groups: { "7": {} }'],
    ["one account with a name", 'allowFrom: ["chat_id:1"], groups: { "7": {} }, accounts: { home: {} }'],
    [
      "one account that takes them from there",
      'allowFrom: ["chat_id:1"], accounts: { home: { dbPath: "/h" }, work: { dbPath: "/w", allowFrom: [] } }',
    ],
    [
      "one account that is enabled",
      'groups: { "7": {} }, accounts: { home: { dbPath: "/h" }, work: { dbPath: "/w", enabled: false } }',
    ],
    ["chats that are named by more than a number", `allowFrom: ["chat_guid:iMessage;+;chat1"], ${two}`],
    ["groups of any number", `groups: { "*": { requireMention: false } }, ${two}`],
    [
      "entries of an account",
      'accounts: { home: { dbPath: "/h", allowFrom: ["chat_id:1"] }, work: { dbPath: "/w", groups: { "1": {} } } }',
    ],
  ])("are fine for %s", async (_, block) => {
    expect(await paths(block)).toEqual([]);
  });

  it("are an error in a binding for any account, and fine where one is meant", async () => {
    const bindings = (accountId: string) =>
      `bindings: [{ agentId: "main", match: { ${accountId} peer: { kind: "group", id: "chat_id:7" } } }]`;
    expect(await paths(two, bindings('accountId: "*",'))).toEqual(["bindings[0].match.accountId"]);
    for (const accountId of ["", 'accountId: "work",'])
      expect(await paths(two, bindings(accountId))).toEqual([]);
    expect(await paths("", bindings('accountId: "*",'))).toEqual([]);
  });
});
