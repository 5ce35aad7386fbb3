import { describe, expect, it } from "vitest";
import { checkSource } from "../check.js";

const errors = async (source: string) =>
  (await checkSource(source, {})).errors.map(({ path, suggestion }) =>
    suggestion ? `${path} -> ${suggestion}` : path,
  );
const warnings = async (source: string) => {
  const checked = await checkSource(source, {});
  expect(checked.errors).toEqual([]);
  return checked.warnings.map(({ path }) => path);
};
const block = (text: string, rest = "") => `{ channels: { imessage: { ${text} } }, ${rest} }`;

describe("rules over several fields", () => {
  it("`open` needs the star, wherever each of the two is set", async () => {
    expect(await errors(block('dmPolicy: "open"'))).toEqual(["channels.imessage.dmPolicy"]);
    expect(await errors(block('dmPolicy: "open", allowFrom: ["+1555", "*"]'))).toEqual([]);
    expect(
      await errors(block('dmPolicy: "open", allowFrom: ["*"], accounts: { a: { allowFrom: [] }, b: {} }')),
    ).toEqual(["channels.imessage.accounts.a.allowFrom"]);
    expect(await errors(block('accounts: { a: { dmPolicy: "open" } }'))).toEqual([
      "channels.imessage.accounts.a.dmPolicy",
    ]);
    expect(await errors(block('dmPolicy: "open", accounts: { a: {}, b: {} }'))).toEqual([
      "channels.imessage.dmPolicy",
    ]);
  });

  it("does not complain twice of one typo", async () => {
    expect(await errors(block('dmPolicy: "open", allowFrm: ["*"]'))).toEqual([
      "channels.imessage.allowFrm -> allowFrom",
    ]);
    expect(
      await errors('{ agents: { list: [{ idd: "a" }] }, bindings: [{ agentId: "a", match: {} }] }'),
    ).toEqual(["agents.list[0].id", "agents.list[0].idd -> id"]);
  });

  it("names the agents and accounts that there are", async () => {
    expect(
      await errors('{ agents: { list: [{ id: "helper" }] }, bindings: [{ agentId: "helpr", match: {} }] }'),
    ).toEqual(['bindings[0].agentId -> "helper"']);
    expect(await errors(block('defaultAccount: "wrk", accounts: { work: {} }'))).toEqual([
      "channels.imessage.defaultAccount -> work",
    ]);
    expect(await errors(block('groups: { "7": { agentId: "x" } }'))).toEqual([
      "channels.imessage.groups.7.agentId",
    ]);
  });

  it("a review needs an owner, wherever it is asked for", async () => {
    const asked = 'review: "on", dms: { "+1555": { review: "on" } }, groups: { "7": { review: "on" } }';
    const places = ["review", 'dms["+1555"].review', "groups.7.review"];
    expect(await errors(block(asked))).toEqual(places.map((place) => `channels.imessage.${place}`));
    expect(await errors(block(asked, 'commands: { ownerAllowFrom: ["+15550100"] }'))).toEqual([]);
    expect(await errors(block('review: "on", allowFrom: ["+15550100"]'))).toEqual([]);
    expect(
      await errors(block('review: "on", allowFrom: ["+15550100"]', "commands: { ownerAllowFrom: [] }")),
    ).toEqual(["channels.imessage.review"]);
    const one = 'allowFrom: ["+1 (555) 0100", "imessage:+15550100", "chat_id:5"]';
    expect(await errors(block(`review: "on", ${one}`))).toEqual([]);
    for (const lists of [
      'allowFrom: ["a.b@c.d", "ab@c.d"]',
      'allowFrom: ["chat_id:5"]',
      'allowFrom: ["+15550100", "+15550101"]',
      'allowFrom: ["*"], dmPolicy: "open"',
      "",
    ])
      expect(await errors(block(`review: "on", ${lists}`))).toEqual(["channels.imessage.review"]);
    expect(await errors(block("", 'agents: { list: [{ id: "a", review: "on" }] }'))).toEqual([
      "agents.list[0].review",
    ]);
    expect(await errors(block('review: "off", dms: { "+1555": { review: "off" } }'))).toEqual([]);
  });

  it("an owner is a person", async () => {
    const owners = (list: string) => errors(`{ commands: { ownerAllowFrom: [${list}] } }`);
    expect(await owners('"+15550100", "*", "chat_id:5", " CHAT_GUID:x"')).toEqual(
      [1, 2, 3].map((place) => `commands.ownerAllowFrom[${place}]`),
    );
    expect(await owners('"+15550100", "a@b.c"')).toEqual([]);
  });

  it("settings of a person name one: a chat has none, and what should wait for a yes would go out", async () => {
    for (const chat of ["chat_id:5", " CHAT_ID:5", "chat_guid:any;-;+15550100", "chat_identifier:a@b.c"])
      expect(await errors(block(`dms: { "${chat}": { historyLimit: 1 }, "+15550100": {} }`))).toEqual([
        `channels.imessage.dms["${chat}"]`,
      ]);
    expect(await errors(block('accounts: { a: { dms: { "chat_id:5": {} } } }'))).toEqual([
      'channels.imessage.accounts.a.dms["chat_id:5"]',
    ]);
    const linked = (handle: string) => `session: { identityLinks: { kim: ["a@b.c", "${handle}"] } }`;
    for (const nobody of ["*", "chat_id:5"])
      expect(await errors(block("", linked(nobody)))).toEqual(["session.identityLinks.kim[1]"]);
    expect(await errors(block("", linked("imessage:+15550100")))).toEqual([]);
  });

  it("suggests the key of a group", async () => {
    const keys = ["chat_id:42", "042", "iMessage;+;chat1", "family", "-1"];
    const found = await errors(
      block(`groups: { ${keys.map((key) => `${JSON.stringify(key)}: {}`).join(", ")} }`),
    );
    expect(found).toEqual([
      'channels.imessage.groups["chat_id:42"] -> 42',
      "channels.imessage.groups.042 -> 42",
      'channels.imessage.groups["iMessage;+;chat1"]',
      "channels.imessage.groups.family",
      "channels.imessage.groups.-1",
    ]);
  });

  it("leaves turns to workers only with a state that these reach, and an agent that they can run", async () => {
    const list = (rest: string) => `agents: { list: [{ id: "a", runsOn: "workers" ${rest} }] }`;
    const server = 'store: { url: "postgres://db.example.com/tapback" }';
    expect(await errors(block("", list("")))).toEqual(["agents.list[0].runsOn"]);
    expect(await errors(block("", `${list("")}, ${server}`))).toEqual([]);
    expect(await errors(block("", 'agents: { list: [{ id: "a", runsOn: "anywhere" }] }'))).toEqual([]);
    const attached = list(', runtime: { type: "channel" }');
    expect(await errors(block("", `${attached}, ${server}`))).toEqual(["agents.list[0].runsOn"]);
  });

  it("warns of two watchers, shared memory and names for handles", async () => {
    expect(await warnings(block("accounts: { default: {}, b: {} }"))).toEqual([
      "channels.imessage.accounts.b",
    ]);
    expect(
      await warnings(block('accounts: { default: {}, b: { dbPath: "/b" }, c: { enabled: false } }')),
    ).toEqual([]);
    expect(
      await warnings(block('allowFrom: ["+15550100", "a@b.c"]', 'session: { dmScope: "main" }')),
    ).toEqual(["session.dmScope"]);
    const linked = 'session: { identityLinks: { kim: ["+1 555 0100", "A@b.c"] } }';
    expect(await warnings(block('allowFrom: ["imessage:+15550100", "a@b.c"]', linked))).toEqual([]);
    expect(await warnings(block('dmPolicy: "open", allowFrom: ["*"]'))).toEqual(["session.dmScope"]);
    expect(
      await warnings(block('dmPolicy: "open", allowFrom: ["*"]', 'session: { dmScope: "per-peer" }')),
    ).toEqual([]);
    expect(await warnings(block('allowFrom: ["Kim"]'))).toEqual(["channels.imessage.allowFrom[0]"]);
    expect(await warnings('{ channels: { defaults: { groupPolicy: "open" } } }')).toEqual([
      "channels.defaults.groupPolicy",
    ]);
    expect(await warnings(block('accounts: { a: {}, b: { cliPath: "x" } }'))).toEqual([
      "channels.imessage.accounts",
    ]);
    expect(await warnings(block("", 'bindings: [{ agentId: "main", match: { accountId: "x" } }]'))).toEqual([
      "bindings[0].match.accountId",
    ]);
  });
});
