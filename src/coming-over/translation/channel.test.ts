import { describe, expect, it } from "vitest";
import { translated } from "../../../test/support/translated.js";
import type { Dialect } from "../dialects.js";

/** Translates the block of a channel. @param block as JSON5, without the braces */
const channel = (block: string, dialect: Dialect = "openclaw", rest = "") =>
  translated(
    dialect,
    `{ channels: { ${dialect === "bluebubbles" ? "bluebubbles" : "imessage"}: { ${block} } }, ${rest} }`,
  );
const here = "channels.imessage";

describe("accounts", () => {
  it("of a channel that was off stay off, whatever they say themselves", () => {
    const off = channel(
      "enabled: false, accounts: { a: { enabled: true }, b: {}, c: { enabled: false }, d: { enabled: 'x' } }",
    );
    for (const id of ["a", "d"])
      expect(off.at(`${here}.accounts.${id}.enabled`)).toMatchObject({
        from: `${here}.accounts.${id}.enabled`,
        value: false,
        why: "channels.imessage.enabled was false, and no account was served",
      });
    expect(off.at(`${here}.accounts.b.enabled`)).toBeUndefined();
    expect(off.of(`${here}.accounts.c.enabled`)).toEqual([
      expect.objectContaining({ value: false, why: undefined }),
    ]);
    const on = channel("enabled: true, accounts: { a: { enabled: true }, b: { enabled: false } }");
    expect(on.at(`${here}.accounts.a.enabled`)).toMatchObject({ value: true, why: undefined });
    expect(on.at(`${here}.accounts.b.enabled`)).toMatchObject({ value: false, why: undefined });
  });

  it("are said to be there even where nothing of them is left", () => {
    const { at } = channel("accounts: { a: {} }");
    expect(at(here)).toMatchObject({ value: {}, marks: ["quiet"] });
    expect(at(`${here}.accounts.a`)).toMatchObject({ value: {}, marks: ["quiet"] });
  });

  it("without a letter or a digit serve nothing, unless there is another one", () => {
    expect(channel("accounts: { '!!': {}, '-': {} }").at(`${here}.enabled`)).toMatchObject({
      from: `${here}.accounts`,
      value: false,
      why: expect.stringContaining("renamed"),
    });
    for (const accounts of ["'!!': {}, a: {}", "'7': {}", "Z: {}", ""])
      expect(channel(`accounts: { ${accounts} }`).at(`${here}.enabled`)).toBeUndefined();
  });

  it.each<[string, string, Dialect, boolean]>([
    ["a cliPath", "cliPath: '/x', accounts: { a: {} }", "openclaw", true],
    ["a dbPath", "dbPath: '/x', accounts: { a: {} }", "openclaw", true],
    ["blank paths", "cliPath: ' ', accounts: { a: {} }", "openclaw", false],
    ["no paths", "accounts: { a: {} }", "openclaw", false],
    ["no accounts", "cliPath: '/x'", "openclaw", false],
    ["a default of its own", "cliPath: '/x', accounts: { a: {}, ' Default ': {} }", "openclaw", false],
    ["another system", "cliPath: '/x', accounts: { a: {} }", "remoteclaw", false],
  ])("are joined by the channel's own or not: with %s", (_, block, dialect, isMade) => {
    const made = channel(block, dialect).at(`${here}.accounts.default`);
    expect(made).toEqual(
      isMade
        ? expect.objectContaining({ from: here, why: expect.stringContaining("beside the others") })
        : undefined,
    );
  });

  it("that watch one database come in the order in which they were served", () => {
    const order = (block: string) =>
      channel(block).moves.flatMap(({ to, marks }) =>
        marks.includes("quiet") ? (/accounts\.(\w+)$/.exec(to ?? "")?.[1] ?? []) : [],
      );
    expect(order("accounts: { default: {}, b: {}, a: {} }")).toEqual(["a", "b", "default"]);
    expect(order("accounts: { b: { dbPath: '/b' }, a: { dbPath: '/a' } }")).toEqual(["b", "a"]);
    expect(order("dbPath: '/b', accounts: { b: {}, a: { dbPath: '/b' } }")).toEqual(["a", "b"]);
    expect(order("accounts: { b: { cliPath: 'imsg' }, a: {} }")).toEqual(["a", "b"]);
    expect(order("accounts: { b: { remoteHost: 'x' }, a: {} }")).toEqual(["b", "a"]);
  });

  it.each<[string, string, string]>([
    ["home", "accounts: { home: {}, work: {} }", "home"],
    [" HOME", "accounts: { 'home ': {}, work: {} }", " HOME"],
    ["work", "accounts: { home: {}, Work: {} }", "work"],
    ["default", "", "default"],
  ])("have %j for the default where it is one of them: %s", (named, accounts, value) => {
    expect(channel(`defaultAccount: "${named}", ${accounts}`).of(`${here}.defaultAccount`)).toEqual([
      { from: `${here}.defaultAccount`, to: `${here}.defaultAccount`, value, why: undefined, marks: [] },
    ]);
  });

  it.each([
    ["'none'", "accounts: { ' Home ': {}, work: {} }", "home"],
    ["'none'", "accounts: { home: {}, DEFAULT: {} }", "default"],
    ["'home'", "", "default"],
    ["5", "accounts: { home: {} }", "home"],
  ])("say who was the default where it is not %s of %s: %s", (named, accounts, used) => {
    expect(channel(`defaultAccount: ${named}, ${accounts}`).of(`${here}.defaultAccount`)).toEqual([
      expect.objectContaining({
        to: undefined,
        why: `there is no account of this name; ${used} was used there`,
      }),
    ]);
    expect(channel(accounts).of(`${here}.defaultAccount`)).toEqual([]);
  });

  it("have the channel's groups where they are alone and theirs are empty, in OpenClaw", () => {
    const own = (block: string, dialect: Dialect = "openclaw") =>
      channel(block, dialect).at(`${here}.accounts.a.groups`)?.value;
    expect(own("groups: { '7': {} }, accounts: { a: { groups: {} } }")).toBeUndefined();
    expect(own("groups: { '7': {} }, accounts: { a: { groups: {} } }", "remoteclaw")).toEqual({});
    expect(own("groups: { '7': {} }, accounts: { a: { groups: {} }, b: {} }")).toEqual({});
    expect(own("accounts: { a: { groups: {} } }")).toEqual({});
    expect(
      channel("groups: { '7': {} }, accounts: { a: { groups: { '8': {} } } }").at(
        `${here}.accounts.a.groups.8`,
      ),
    ).toBeDefined();
  });

  it("get each their copy of what names chats by number, when several take it", () => {
    const copied = (block: string) =>
      channel(block).moves.flatMap(({ to, why }) => (why?.includes("a chat of one account") ? [to] : []));
    expect(
      copied("groups: { '7': {} }, accounts: { a: {}, b: {}, c: { groups: {} } }").map(
        (to) => to?.split(".")[3],
      ),
    ).toEqual(["a", "b"]);
    expect(copied("groups: { '*': {} }, accounts: { a: {}, b: {} }")).toEqual([]);
    expect(copied("groups: { '7': {} }, accounts: { a: {} }")).toEqual([]);
    expect(copied("groupAllowFrom: ['chat_id:7'], accounts: { a: {}, b: {} }")).toEqual([
      `${here}.accounts.a.groupAllowFrom`,
      `${here}.accounts.b.groupAllowFrom`,
    ]);
    expect(copied("groupAllowFrom: ['+15550100'], accounts: { a: {}, b: {} }")).toEqual([]);
  });
});

describe("policies", () => {
  it.each<[string, string, boolean]>([
    ["without a list", "dmPolicy: 'open'", true],
    ["with a list of people", "dmPolicy: 'open', allowFrom: ['a@x.com']", true],
    ["with everyone", "dmPolicy: 'open', allowFrom: ['a@x.com', '*']", false],
    ["of another kind", "dmPolicy: 'pairing', allowFrom: ['a@x.com']", false],
  ])("that are open %s let in those in the list alone: %s (%s)", (_, block, isHalf) => {
    expect(channel(block).at(`${here}.dmPolicy`)).toMatchObject(
      isHalf ? { value: "allowlist", why: expect.stringContaining("allowFrom") } : { why: undefined },
    );
    if (isHalf) expect(channel(block).of(`${here}.dmPolicy`)).toHaveLength(1);
  });

  it("of an account are judged with what it takes from the channel", () => {
    const policy = (block: string) => channel(block).at(`${here}.accounts.a.dmPolicy`);
    expect(policy("dmPolicy: 'open', allowFrom: ['*'], accounts: { a: { allowFrom: [] } }")).toMatchObject({
      from: `${here}.accounts.a.allowFrom`,
      value: "allowlist",
    });
    expect(policy("allowFrom: ['a@x.com'], accounts: { a: { dmPolicy: 'open' } }")).toMatchObject({
      from: `${here}.accounts.a.dmPolicy`,
      value: "allowlist",
    });
    expect(policy("allowFrom: ['*'], accounts: { a: { dmPolicy: 'open' } }")).toMatchObject({
      value: "open",
      why: undefined,
    });
    expect(policy("dmPolicy: 'open', accounts: { a: {} }")).toBeUndefined();
  });

  it("of groups are closed where none of the groups is known, on that account", () => {
    const lost = "groups: { 'iMessage;+;chat1': {} }";
    expect(channel(lost, "bluebubbles").at(`${here}.groupPolicy`)).toMatchObject({
      value: "disabled",
      from: "channels.bluebubbles.groups",
    });
    const { at } = channel(
      `${lost}, accounts: { a: { groupPolicy: 'open' }, b: { groups: { '*': {} }, groupPolicy: 'open' } }`,
      "bluebubbles",
    );
    expect(at(`${here}.accounts.a.groupPolicy`)).toMatchObject({
      from: "channels.bluebubbles.accounts.a.groupPolicy",
      value: "disabled",
    });
    expect(at(`${here}.accounts.b.groupPolicy`)).toMatchObject({ value: "open", why: undefined });
    expect(channel("groups: { '7': {}, 'chat_id:8': {} }").at(`${here}.groupPolicy`)).toBeUndefined();
    expect(channel("groups: {}").at(`${here}.groupPolicy`)).toBeUndefined();
  });

  it.each<[string, Dialect, string, string | undefined]>([
    ["", "openclaw", "", undefined],
    ["defaults: { groupPolicy: 'open' }", "openclaw", "", "allowlist"],
    ["defaults: { groupPolicy: 'allowlist' }", "openclaw", "", undefined],
    ["defaults: { groupPolicy: 'open' }", "openclaw", "groupPolicy: 'disabled'", "disabled"],
  ])(
    "of groups are written out where the default differs: %s in %s with %s",
    (defaults, dialect, block, value) => {
      const { at } = translated(
        dialect,
        `{ channels: { ${defaults ? `${defaults},` : ""} imessage: { ${block} } } }`,
      );
      expect(at(`${here}.groupPolicy`)?.value).toBe(value);
    },
  );

  it("of groups were open in early Clawdbot, and are said to be", () => {
    const { at } = translated("clawdbot", "{ imessage: {} }");
    expect(at(`${here}.groupPolicy`)).toMatchObject({
      value: "open",
      why: expect.stringContaining("the default was"),
    });
    expect(
      translated("clawdbot", "{ imessage: { groupPolicy: 'allowlist' } }").at(`${here}.groupPolicy`),
    ).toMatchObject({
      value: "allowlist",
    });
  });
});

describe("other keys", () => {
  it("of BlueBubbles' server are left out, and kept of the others", () => {
    for (const key of ["serverUrl", "password", "webhookPath", "webhookUrl"]) {
      expect(channel(`${key}: 'x'`, "bluebubbles").of(`channels.bluebubbles.${key}`)).toEqual([
        expect.objectContaining({ to: undefined, why: expect.stringContaining("no server any more") }),
      ]);
      expect(channel(`${key}: 'x'`).of(`${here}.${key}`)).toEqual([
        expect.objectContaining({ to: `${here}.${key}` }),
      ]);
    }
    expect(channel("name: 'x'", "bluebubbles").at(`${here}.name`)).toMatchObject({ value: "x" });
  });

  it("that name folders of attachments stood beside the default in OpenClaw", () => {
    const root = "/Users/*/Library/Messages/Attachments";
    for (const key of ["attachmentRoots", "remoteAttachmentRoots"]) {
      expect(channel(`${key}: ['/x']`).at(`${here}.${key}`)).toMatchObject({
        value: ["/x", root],
        why: expect.stringContaining("beside"),
      });
      expect(channel(`${key}: ['${root}']`).at(`${here}.${key}`)).toMatchObject({
        value: [root],
        why: undefined,
      });
      expect(channel(`${key}: ['/x']`, "remoteclaw").at(`${here}.${key}`)).toMatchObject({
        value: ["/x"],
        why: undefined,
      });
    }
    expect(channel("otherRoots: ['/x']").at(`${here}.otherRoots`)).toMatchObject({ value: ["/x"] });
  });

  it.each([
    ["streaming: true", "block"],
    ["streaming: false", "final"],
    ["streaming: 'block'", "block"],
    ["streaming: 'final'", "final"],
    ["blockStreaming: true", "block"],
    ["blockStreaming: false", "final"],
    ["streaming: { mode: 'block' }", "block"],
    ["streaming: { mode: 'partial' }", "final"],
    ["streaming: { mode: 'partial', block: { enabled: true } }", "block"],
    ["streaming: { block: { enabled: false } }", "final"],
    ["streaming: { chunkMode: 'newline' }", undefined],
  ])("say how answers are sent: %s is %s", (block, value) => {
    expect(channel(block).at(`${here}.streaming`)?.value).toBe(value);
  });

  it("of streaming that are not here are left out, each with its reason", () => {
    const { of, at } = channel(
      "streaming: { chunkMode: 'newline', preview: 1, block: { enabled: true, coalesce: { idleMs: 5 } } }",
    );
    expect(at(`${here}.chunkMode`)).toMatchObject({ value: "newline", marks: ["aside"] });
    expect(of(`${here}.streaming.preview`)).toEqual([
      expect.objectContaining({ to: undefined, why: expect.stringContaining("drafts") }),
    ]);
    expect(of(`${here}.streaming.block.coalesce`)).toEqual([
      expect.objectContaining({ to: undefined, why: expect.stringContaining("maxBubbles") }),
    ]);
    // What is within another part is no mode of streaming.
    const other = channel("streaming: { preview: { enabled: true } }");
    expect(other.at(`${here}.streaming`)).toBeUndefined();
    expect(other.of(`${here}.streaming.preview`)).toHaveLength(1);
    expect(channel("streaming: { block: true }").of(`${here}.streaming.block`)).toEqual([
      expect.objectContaining({ to: undefined }),
    ]);
  });
});
