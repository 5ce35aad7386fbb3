import { describe, expect, it } from "vitest";
import { translated } from "../../../test/support/translated.js";
import type { Dialect } from "../dialects.js";

const here = "channels.imessage";
const env = { ME: "+15550100123", BAD: "telegram:1", ODD: "5551000002" };

function list(
  entries: unknown,
  { dialect = "openclaw" as Dialect, key = "groupAllowFrom", groups = {} } = {},
) {
  const name = dialect === "bluebubbles" ? "bluebubbles" : "imessage";
  const old = { channels: { [name]: { [key]: entries } }, accessGroups: groups };
  const { at, moves } = translated(dialect, JSON.stringify(old), [], env);
  const written = at(`${here}.${key}`);
  const dropped = moves.flatMap(({ from, to, why }) =>
    to === undefined && from.startsWith(`channels.${name}.${key}[`) ? [why] : [],
  );
  return { value: written?.value, why: written?.why, dropped };
}
const variable = (name: string) => "$".concat(`{${name}}`);

describe("entries of a list", () => {
  it.each<[unknown, unknown, string | undefined]>([
    ["+15550100123", "+15550100123", undefined],
    [" * ", "*", "everyone"],
    ["kim@example.com", "kim@example.com", undefined],
    [15550100123, "+15550100123", "there it was read as +15550100123"],
    [262966, "262966", "without the prefix"],
    ["5551000002", "+5551000002", "there it was read as +5551000002"],
    ["chat:7", "chat_id:7", "chats are named by"],
    ["chat_id:7", "chat_id:7", undefined],
    ["guid:x", "chat_guid:x", "chats are named by"],
    ["chat_identifier:x", "chat_identifier:x", undefined],
    [variable("ME"), variable("ME"), undefined],
    [variable("UNSET"), variable("UNSET"), undefined],
    [variable("ODD"), "+5551000002", "there it was read as"],
  ])("are written so that they mean the same here: %j is %j", (entry, address, why) => {
    const { value, why: said, dropped } = list([entry]);
    expect([value, dropped]).toEqual([[address], []]);
    if (why === undefined) expect(said).toBeUndefined();
    else expect(said).toContain(why);
  });

  it.each<[unknown, string]>([
    ["", "it named nobody there"],
    [null, "this is not a handle"],
    [{}, "this is not a handle"],
    ["chat_id:0", "there is no chat of this number"],
    ["chat_id:-3", "there is no chat of this number"],
    ["accessGroup:none", "there is no access group none, so it named nobody"],
    ["mailto:kim@example.com", ""],
    [variable("BAD"), ""],
  ])("are left out by themselves, and leave the others: %j", (entry, why) => {
    const { value, dropped } = list([entry, "+15550100123"]);
    expect(value).toEqual(["+15550100123"]);
    expect(dropped).toEqual([expect.stringContaining(why)]);
    // Nobody is not the same as no list.
    expect(list([entry]).value).toEqual([]);
  });

  it("are each written once, and a single one as a list", () => {
    expect(list(["+15550100123", "+15550100123"]).value).toEqual(["+15550100123"]);
    expect(list("+15550100123")).toMatchObject({ value: ["+15550100123"], why: "it is a list here" });
    expect(list([])).toEqual({ value: [], why: undefined, dropped: [] });
  });

  it("are the people of an access group, of this channel and of any", () => {
    const groups = {
      f: {
        type: "message.senders",
        members: { "*": ["kim@example.com"], imessage: "+15550100123", bluebubbles: ["b@x.com"] },
      },
      inner: { type: "message.senders", members: { "*": ["accessGroup:f"] } },
      other: { type: "discord.channelAudience", members: { "*": ["kim@example.com"] } },
    };
    expect(list(["accessGroup:f", "lee@example.com"], { groups })).toMatchObject({
      value: ["kim@example.com", "+15550100123", "lee@example.com"],
      why: "the people of the access group f stand in its place",
    });
    expect(list(["accessGroup:inner"], { groups }).value).toEqual([]);
    expect(list(["accessGroup:other"], { groups }).dropped).toEqual([
      expect.stringContaining("another channel alone"),
    ]);
    expect(list(["accessGroup:f"], { groups, dialect: "remoteclaw" }).value).toEqual([]);
  });

  it("of BlueBubbles lose its prefix", () => {
    const { value } = list(["bluebubbles: +15550100123", "group:9", "chat88"], { dialect: "bluebubbles" });
    expect(value).toEqual(["+15550100123", "chat_id:9", "chat_identifier:chat88"]);
  });
});

describe("who may talk", () => {
  /** The lists that are written, and what is left out of them. */
  function lists(block: string, dialect: Dialect = "openclaw", to = here) {
    const name = dialect === "bluebubbles" ? "bluebubbles" : "imessage";
    const { at } = translated(dialect, `{ channels: { ${name}: { ${block} } } }`);
    return [at(`${to}.allowFrom`)?.value, at(`${to}.groupAllowFrom`)?.value];
  }
  const kim = "kim@example.com";
  const account = `${here}.accounts.a`;

  it.each<[string, unknown, unknown]>([
    ["", undefined, undefined],
    [`allowFrom: ['${kim}']`, [kim], undefined],
    [`allowFrom: ['${kim}', 'chat_id:7']`, [kim], [kim, "chat_id:7"]],
    ["allowFrom: ['chat_id:7'], groupAllowFrom: []", [], []],
    [`allowFrom: ['chat_id:7'], groupAllowFrom: ['${kim}']`, [], [kim]],
    [`allowFrom: ['${kim}'], groupAllowFrom: null`, [kim], undefined],
    [`allowFrom: ['${kim}', 'chat_id:7'], groupAllowFrom: null`, [kim], [kim, "chat_id:7"]],
  ])(
    "in OpenClaw, a chat in the list was let in as a group alone: %s",
    (block, allowFrom, groupAllowFrom) => {
      expect(lists(block)).toEqual([allowFrom, groupAllowFrom]);
    },
  );

  it("is said to stand elsewhere, and what is left out of both lists is told once", () => {
    const told = (block: string) => {
      const { moves } = translated("openclaw", `{ channels: { imessage: { ${block} } } }`);
      return moves.flatMap(({ from, to, why }) =>
        from.includes("llowFrom") ? [[from.split(".").at(-1), to?.split(".").at(-1), why]] : [],
      );
    };
    expect(told(`allowFrom: ['${kim}', 'chat_id:7', '']`)).toEqual([
      ["allowFrom", "groupAllowFrom", expect.stringContaining("counted in groups alone there")],
      ["allowFrom[2]", undefined, "it named nobody there"],
      ["allowFrom", "allowFrom", undefined],
    ]);
    const own = told(
      `groupAllowFrom: ['b@x.com'], accounts: { a: { groupAllowFrom: null, allowFrom: ['${kim}', ''] } }`,
    );
    expect(own.slice(1)).toEqual([
      ["allowFrom", "allowFrom", undefined],
      ["allowFrom[1]", undefined, "it named nobody there"],
      ["groupAllowFrom", "groupAllowFrom", "allowFrom held in its place"],
    ]);
    expect(told(`allowFrom: ['${kim}'], groupAllowFrom: null`)).toEqual([
      ["allowFrom", "allowFrom", undefined],
      ["groupAllowFrom", undefined, "allowFrom held in its place"],
    ]);
  });

  it("was said for direct chats, too, in earlier systems", () => {
    expect(lists(`allowFrom: ['${kim}', 'chat_id:7']`, "remoteclaw")).toEqual([
      [kim, "chat_id:7"],
      undefined,
    ]);
    // BlueBubbles took an empty list for none.
    expect(lists(`allowFrom: ['${kim}'], groupAllowFrom: []`, "bluebubbles")).toEqual([[kim], undefined]);
    expect(lists(`allowFrom: ['${kim}'], groupAllowFrom: []`, "remoteclaw")).toEqual([[kim], []]);
  });

  it("of an account stands for groups, too, where the channel's list would hold else", () => {
    const split = `allowFrom: ['b@x.com', 'chat_id:7']`;
    expect(lists(`${split}, accounts: { a: { allowFrom: ['${kim}'] } }`, "openclaw", account)).toEqual([
      [kim],
      [kim],
    ]);
    expect(lists(`${split}, accounts: { a: {} }`, "openclaw", account)).toEqual([undefined, undefined]);
    const own = `groupAllowFrom: ['b@x.com'], accounts: { a: { groupAllowFrom: null`;
    expect(lists(`${own}, allowFrom: ['${kim}'] } }`, "openclaw", account)).toEqual([[kim], [kim]]);
    expect(lists(`allowFrom: ['${kim}'], ${own} } }`, "openclaw", account)).toEqual([undefined, [kim]]);
    expect(lists(`${own} } }`, "openclaw", account)).toEqual([undefined, []]);
    expect(
      lists(
        `groupAllowFrom: ['b@x.com'], accounts: { a: { allowFrom: ['${kim}', 'chat_id:7'] } }`,
        "openclaw",
        account,
      ),
    ).toEqual([[kim], undefined]);
  });
});

describe("groups", () => {
  const groups = (
    keys: string,
    dialect: Dialect = "openclaw",
    chats = [{ id: 12, guid: "any;+;chat88", identifier: "chat88" }],
  ) => {
    const name = dialect === "bluebubbles" ? "bluebubbles" : "imessage";
    const { moves } = translated(dialect, `{ channels: { ${name}: { groups: { ${keys} } } } }`, chats);
    return moves.filter(({ from }) => from.startsWith(`channels.${name}.groups`));
  };
  const placesOf = (keys: string, dialect?: Dialect) =>
    groups(keys, dialect).map(({ to }) => to?.replace(`${here}.`, ""));

  it("are named by number here, and were there", () => {
    expect(placesOf("'7': {}, '*': {}")).toEqual(["groups.7", 'groups["*"]']);
    for (const key of ["07", "0", "chat_id:7", "7x"]) {
      const moves = groups(`'${key}': {}, '9': {}`);
      expect(moves.find(({ to }) => to === undefined)?.why).toContain("matched none");
      expect(moves.filter(({ to }) => to !== undefined)).toMatchObject([{ to: `${here}.groups.9` }]);
    }
  });

  it.each([
    "any;+;chat88",
    "chat88",
    "iMessage;+;chat88",
    "SMS;+;chat88",
    " chat_guid:any;+;chat88 ",
    "chat_identifier:chat88",
  ])("of BlueBubbles are found by %j", (key) => {
    expect(groups(`'${key}': {}`, "bluebubbles")[0]).toMatchObject({
      to: `${here}.groups.12`,
      why: expect.stringContaining("this one is 12"),
    });
  });

  it("of BlueBubbles are left out where no chat is known by the name, and each is taken once", () => {
    for (const key of ["any;+;chat8", "chat8", "88", "12"]) {
      const leftOut = groups(`'${key}': {}`, "bluebubbles").filter(({ to }) => to === undefined);
      expect(leftOut).toMatchObject([{ value: {}, why: expect.stringContaining("is not known") }]);
    }
    const [first, second] = groups("'chat88': {}, 'any;+;chat88': { requireMention: false }", "bluebubbles");
    expect([first?.to, second?.to, second?.why]).toEqual([
      `${here}.groups.12`,
      undefined,
      "chat88 names the same group, and holds",
    ]);
  });

  it("are there whatever becomes of their settings, without those that they never had", () => {
    const moves = groups("'7': { requireMention: false, allowFrom: ['x'], agentId: 'a' }");
    expect(moves.map(({ from, to }) => [from.split(".").at(-1), to !== undefined])).toEqual([
      ["7", true],
      ["requireMention", true],
      ["allowFrom", false],
      ["agentId", false],
    ]);
    expect(moves[0]).toMatchObject({ value: {}, marks: ["quiet"] });
    expect(groups("")).toMatchObject([{ to: `${here}.groups`, value: {} }]);
  });
});
