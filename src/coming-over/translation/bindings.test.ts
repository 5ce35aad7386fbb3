import { describe, expect, it } from "vitest";
import { translated } from "../../../test/support/translated.js";
import type { Dialect } from "../dialects.js";

const kim = "kim@example.com";

/** Translates bindings beside accounts. @returns the matches of ours, and why a binding was left out */
function bound(
  bindings: object[],
  { accounts = ["default"], dialect = "openclaw" as Dialect, agents = ["main", "b"] } = {},
) {
  const name = dialect === "bluebubbles" ? "bluebubbles" : "imessage";
  const block = { accounts: Object.fromEntries(accounts.map((id) => [id, {}])) };
  const list = agents.map((id, index) => ({ id, default: index === 0 }));
  const old = { channels: { [name]: block }, agents: { list }, bindings };
  const { moves, of, at } = translated(dialect, JSON.stringify(old));
  const placed = (path: string) => at(path)?.value;
  const count = new Set(moves.flatMap(({ to }) => /^bindings\[(\d+)\]/.exec(to ?? "")?.[1] ?? [])).size;
  const matches = Array.from({ length: count }, (_, index) => {
    const match = `bindings[${index}].match`;
    return [placed(`${match}.accountId`), placed(`${match}.peer.kind`), placed(`${match}.peer.id`)];
  });
  const whys = bindings.map((_, index) => of(`bindings[${index}]`)[0]?.why);
  return { matches, whys, of, at };
}
const bind = (match: object, more: object = {}) => ({
  agentId: "b",
  match: { channel: "imessage", ...match },
  ...more,
});
const peer = (kind: string, id: unknown) => ({ peer: { kind, id } });

describe("accounts of bindings", () => {
  it.each<[string, object, string[], unknown[] | string]>([
    ["none, where there is the default alone", {}, ["default"], [undefined]],
    ["none, where the default has others beside it", {}, ["home", "default"], ["default"]],
    ["none, where it comes before the others", {}, ["default", "home"], ["default"]],
    ["none, where there is no default", {}, ["home"], "which there is not"],
    ["a blank one", { accountId: " " }, ["home", "default"], ["default"]],
    ["its id", { accountId: " home " }, ["home", "work"], ["home"]],
    ["any", { accountId: "*" }, ["home", "work"], ["*"]],
    ["any, with a person", { accountId: "*", ...peer("direct", kim) }, ["home", "work"], ["*"]],
    [
      "any, with a chat of each",
      { accountId: "*", ...peer("group", "7") },
      ["home", "work"],
      ["home", "work"],
    ],
    ["any, with a chat of the only one", { accountId: "*", ...peer("group", "7") }, ["home"], ["*"]],
    ["its id, with a chat", { accountId: "work", ...peer("group", "7") }, ["home", "work"], ["work"]],
  ])("are, where %s is written: %j beside %j", (_, match, accounts, expected) => {
    const { matches, whys } = bound([bind(match)], { accounts });
    if (typeof expected === "string")
      expect([matches, whys[0]]).toEqual([[], expect.stringContaining(expected)]);
    else expect(matches.map(([account]) => account)).toEqual(expected);
  });

  it("are said to be written out, where they were not written so", () => {
    const whyOf = (match: object, accounts: string[]) =>
      bound([bind(match)], { accounts }).at("bindings[0].match.accountId")?.why;
    expect(whyOf({ accountId: "home" }, ["home", "work"])).toBeUndefined();
    expect(whyOf({ accountId: " home" }, ["home", "work"])).toContain("written out");
    expect(whyOf({}, ["home", "default"])).toContain("written out");
  });

  it("move those behind them on, and leave a gap for none", () => {
    const bindings = [
      bind({ accountId: "*", ...peer("group", "7") }),
      bind({ channel: "telegram" }),
      bind({ accountId: "work" }),
    ];
    const { matches, at } = bound(bindings, { accounts: ["home", "work"] });
    expect(matches).toEqual([
      ["home", "group", "chat_id:7"],
      ["work", "group", "chat_id:7"],
      ["work", undefined, undefined],
    ]);
    expect(at("bindings[2].match.accountId")?.from).toBe("bindings[2].match.accountId");
    expect(at("bindings[1].agentId")).toMatchObject({ from: "bindings[0].agentId", value: "b" });
  });
});

describe("peers of bindings", () => {
  it.each<[Dialect, object, [string, string] | undefined]>([
    ["openclaw", peer("direct", kim), ["direct", kim]],
    ["openclaw", peer("dm", "+15550100123"), ["dm", "+15550100123"]],
    ["openclaw", peer(" DM ", "+15550100123"), ["direct", "+15550100123"]],
    ["openclaw", peer("direct", "15550100123"), undefined],
    ["openclaw", peer("direct", `imessage:${kim}`), undefined],
    ["openclaw", peer("direct", ""), undefined],
    ["openclaw", peer("room", kim), undefined],
    ["openclaw", { peer: {} }, undefined],
    ["openclaw", peer("group", 7), ["group", "chat_id:7"]],
    ["openclaw", peer("channel", "7"), ["group", "chat_id:7"]],
    ["openclaw", peer("group", "07"), undefined],
    ["openclaw", peer("group", "chat_id:7"), undefined],
    ["openclaw", peer("group", "*"), ["group", "*"]],
    ["openclaw", peer("direct", "*"), ["direct", "*"]],
    ["remoteclaw", peer("direct", "*"), undefined],
    ["remoteclaw", peer("group", "7"), ["group", "chat_id:7"]],
    ["bluebubbles", peer("group", "iMessage;+;chat7"), ["group", "chat_guid:iMessage;+;chat7"]],
    ["bluebubbles", peer("group", "chat7"), ["group", "chat_identifier:chat7"]],
    ["bluebubbles", peer("direct", "chat_id:7"), ["group", "chat_id:7"]],
    ["bluebubbles", peer("group", "7"), ["group", "chat_id:7"]],
    ["bluebubbles", peer("group", kim), undefined],
    ["bluebubbles", peer("direct", kim), ["direct", kim]],
    ["bluebubbles", peer("direct", "accessGroup:x"), undefined],
  ])("of %s: %j are %j", (dialect, match, expected) => {
    const channel = dialect === "bluebubbles" ? { channel: "bluebubbles" } : {};
    const { matches, whys } = bound([bind({ ...channel, ...match })], { dialect });
    expect(matches.map(([, kind, id]) => [kind, id])).toEqual(expected === undefined ? [] : [expected]);
    if (expected === undefined)
      expect(whys[0]).toBe("its peer was written in a form that matched no message there");
  });

  it("of sessions name their chat in any form", () => {
    const session = (kind: string, id: string) => {
      const { matches } = bound([bind(peer(kind, id), { type: "acp" })]);
      return matches.map(([, ...rest]) => rest)[0];
    };
    expect(session("group", "chatid:7")).toEqual(["group", "chat_id:7"]);
    expect(session("direct", "chatguid:iMessage;+;chat7")).toEqual(["group", "chat_guid:iMessage;+;chat7"]);
    expect(session("direct", `imessage:${kim}`)).toEqual(["direct", kim]);
    expect(session("group", "7")).toEqual(["group", "chat_id:7"]);
    expect(session("group", "*")).toBeUndefined();
    expect(session("direct", "*")).toBeUndefined();
  });

  it("are everybody's where there is none", () => {
    expect(bound([bind({ peer: null }), bind({})]).matches).toEqual([
      [undefined, undefined, undefined],
      [undefined, undefined, undefined],
    ]);
  });

  it("are told where they are written otherwise, and aside", () => {
    const { at } = bound([bind(peer("group", "7")), bind(peer("dm", kim))]);
    expect(at("bindings[0].match.peer.id")).toMatchObject({ why: expect.any(String), marks: ["aside"] });
    expect(at("bindings[0].match.peer.kind")).toMatchObject({ why: undefined });
    expect(at("bindings[1].match.peer.kind")).toMatchObject({ value: "dm", why: undefined });
  });
});

describe("which bindings are taken over", () => {
  it.each<[object, string]>([
    [{ channel: "telegram" }, "it is for telegram messages"],
    [{ channel: undefined }, "it is for no messages"],
    [{ guildId: "1", roles: ["x"] }, "no message of this channel has guildId or roles"],
    [{ teamId: "1" }, "no message of this channel has teamId"],
  ])("not one with %j", (match, why) => {
    const { matches, whys } = bound([bind(match), bind({ accountId: "default" })]);
    expect([matches.length, whys[0]]).toEqual([1, why]);
  });

  it("one whose channel is written in another way", () => {
    for (const match of [{ channel: " iMessage " }, { channel: undefined, provider: "imessage" }]) {
      const { at } = bound([bind(match)]);
      expect(at("bindings[0].match.channel")).toMatchObject({ value: "imessage", why: expect.any(String) });
    }
    expect(bound([bind({})]).at("bindings[0].match.channel")?.why).toBeUndefined();
  });

  it("with the agent that answered in the place of one that is not there", () => {
    const agentOf = (agentId: unknown, dialect: Dialect) =>
      bound([{ ...bind({}), agentId }], { dialect }).at("bindings[0].agentId");
    expect(agentOf("gone", "remoteclaw")).toMatchObject({
      value: "main",
      why: "there is no agent gone, and main answered",
    });
    expect(agentOf("gone", "openclaw")).toMatchObject({ value: "gone", why: undefined });
    expect(agentOf("b", "remoteclaw")).toMatchObject({ value: "b", why: undefined });
    expect(agentOf(5, "remoteclaw")).toMatchObject({ value: 5, why: undefined });
  });

  it("without what stands in a session, which is told", () => {
    const { of } = bound([bind({}, { session: { dmScope: "main", groupScope: "x", other: 1 } })]);
    const whyOf = (key: string) =>
      of(`bindings[0].session.${key}`).map(({ to, why }) => [to, why?.slice(0, 16)]);
    expect(whyOf("dmScope")).toEqual([[undefined, "there is one ses"]]);
    expect(whyOf("groupScope")).toEqual([[undefined, "each group has a"]]);
    expect(whyOf("other")).toEqual([[undefined, "there is no such"]]);
  });
});

describe("the scope of direct chats", () => {
  const scope = (source: string) => translated("openclaw", source).at("session.dmScope")?.value;
  const named = (...scopes: string[]) =>
    `bindings: [${scopes.map((one) => `{ match: {}, session: { dmScope: "${one}" } }`).join(", ")}]`;

  it.each([
    [named("per-peer"), "per-peer"],
    [named("main", "per-channel-peer", "per-peer"), "per-channel-peer"],
    [named("per-account-channel-peer", "main"), "per-account-channel-peer"],
    [`${named("main")}, session: { dmScope: "per-peer" }`, "per-peer"],
    [`${named("per-channel-peer")}, session: { dmScope: "per-peer" }`, "per-channel-peer"],
    [`bindings: [{ match: {} }, { match: {}, session: { dmScope: "per-peer" } }]`, "per-peer"],
    [named("unknown"), "main"],
    [`session: { dmScope: "per-peer" }, bindings: [{ match: {} }]`, "per-peer"],
    ["", undefined],
  ])("is the narrowest that is named: %s has %s", (source, expected) => {
    expect(scope(`{ ${source} }`)).toBe(expected);
  });
});
