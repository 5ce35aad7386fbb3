import { describe, expect, it } from "vitest";
import type { Tree } from "../config/fitting/index.js";
import type { Dialect } from "./dialects.js";
import { type Question, questionsFor, unnamedChat } from "./probes.js";
import { traitsOf } from "./there/traits.js";
import type { KnownChat } from "./translation/groups.js";

function asked(
  old: Tree,
  more: { config?: Tree; approved?: string[]; chats?: KnownChat[]; dialect?: Dialect } = {},
): Question[] {
  const { config = {}, approved = [], chats = [], dialect = "openclaw" } = more;
  const kind = dialect === "bluebubbles" ? "bluebubbles" : "imessage";
  const traits = traitsOf(dialect, { block: {}, path: [], kind });
  const people = approved.map((handle) => ({ account: "home", handle }));
  return questionsFor({ old, config, traits, approved: people, chats }, ["home"]);
}
const peopleIn = (questions: Question[]) => [...new Set(questions.map(({ person }) => person))];
/** The groups that are asked about, as `{ number, name, key }`. */
function roomsIn(questions: Question[]) {
  return questions.flatMap(({ person, place, chat, respelled }) => {
    if (person !== undefined || place.kind !== "group") return [];
    const { id, guid, identifier } = chat;
    return [{ id, guid, identifier, name: place.name, key: place.key, respelled }];
  });
}
const imessage = (block: Tree): Tree => ({ channels: { imessage: block } });
const bound = (kind: string, id: unknown): Tree => ({ bindings: [{ match: { peer: { kind, id } } }] });

describe("who is asked about", () => {
  it("is one who is named nowhere, in a direct chat and in a group", () => {
    const questions = asked({});
    expect(
      questions.map(({ person, place, isPlain, mentions }) => [person, place.kind, isPlain, mentions]),
    ).toEqual([
      [undefined, "direct", false, 0],
      [undefined, "other", false, 0],
    ]);
    const [direct, other] = questions;
    expect(direct!.chat).toMatchObject({ isGroup: false, identifier: direct!.sender });
    expect(direct!.chat.guid).toBe(`iMessage;-;${direct!.sender}`);
    expect(other!.chat).toEqual({
      id: unnamedChat,
      guid: `iMessage;+;chat${unnamedChat}`,
      identifier: `chat${unnamedChat}`,
      isGroup: true,
    });
    expect(direct!.chat.id).not.toBe(other!.chat.id);
  });

  it.each<[string, Tree]>([
    ["the channel's lists", imessage({ allowFrom: ["a@x.com"], groupAllowFrom: ["b@x.com"] })],
    ["lists of one", imessage({ allowFrom: "a@x.com", groupAllowFrom: "b@x.com" })],
    [
      "an account's and a group's",
      imessage({ accounts: { w: { allowFrom: ["a@x.com"] } }, groups: { 7: { allowFrom: ["b@x.com"] } } }),
    ],
    [
      "another block's",
      { imessage: { allowFrom: ["a@x.com"] }, channels: { bluebubbles: { allowFrom: ["b@x.com"] } } },
    ],
    ["access groups", { accessGroups: { f: { members: { "*": ["a@x.com"], imessage: ["b@x.com"] } } } }],
    [
      "bindings",
      {
        bindings: [
          { match: { peer: { kind: "direct", id: "a@x.com" } } },
          { match: { peer: { kind: "DM", id: "b@x.com" } } },
        ],
      },
    ],
    [
      "early bindings",
      {
        routing: { bindings: [{ match: { peer: { kind: "dm", id: "a@x.com" } } }] },
        ...imessage({ allowFrom: ["b@x.com"] }),
      },
    ],
  ])("are those in %s, in either configuration", (_, tree) => {
    for (const questions of [asked(tree), asked({}, { config: tree })])
      expect(new Set(peopleIn(questions))).toEqual(new Set(["a@x.com", "b@x.com", undefined]));
  });

  it.each<[string, Tree]>([
    ["in other lists", imessage({ blockedFrom: ["a@x.com"], members: { x: "y" } })],
    ["in another channel's", { channels: { telegram: { allowFrom: ["a@x.com"] } } }],
    [
      "as everyone, nobody, a chat or a group of people",
      imessage({ allowFrom: ["*", "", "chat_id:7", "accessGroup:f"] }),
    ],
    ["as the peer of a group", bound("group", "a@x.com")],
    ["as a longer kind", bound("directory", "a@x.com")],
  ])("are not those %s", (_, tree) => {
    expect(peopleIn(asked(tree))).toEqual([undefined]);
  });

  it("are whom approvals name, and each once", () => {
    expect(
      peopleIn(asked(imessage({ allowFrom: ["a@x.com"] }), { approved: ["A@x.com", "b@x.com"] })),
    ).toEqual(["a@x.com", "b@x.com", undefined]);
  });

  it("are both who is named here and who was named there by the same text", () => {
    expect(peopleIn(asked(imessage({ allowFrom: ["5551000002"] })))).toEqual([
      "+15551000002",
      "+5551000002",
      undefined,
    ]);
    // Too short for a number that is reported with a plus.
    expect(peopleIn(asked(imessage({ allowFrom: ["262966"] })))).toEqual(["262966", undefined]);
  });

  it("write in chats of their own", () => {
    const direct = asked(imessage({ allowFrom: ["a@x.com", "b@x.com"] })).filter(
      ({ place }) => place.kind === "direct",
    );
    expect(new Set(direct.map(({ chat }) => chat.id)).size).toBe(3);
    for (const { chat, sender, person } of direct) {
      expect(chat.guid).toBe(`iMessage;-;${sender}`);
      if (person !== undefined) expect(sender).toBe(person);
    }
  });
});

describe("the groups that are asked about", () => {
  const named = (name: string) => ({ name, key: name });

  it.each<[string, Tree]>([
    ["a key of the channel", imessage({ groups: { "7": {}, "*": {} } })],
    ["a key of an account", imessage({ accounts: { work: { groups: { "7": {} } } } })],
    ["an early block's key", { imessage: { groups: { "7": {} } } }],
    ["a key that names it by number", imessage({ groups: { "chat_id:7": {} } })],
    ["the shorter prefix", imessage({ groups: { "chatid: 7": {} } })],
    ["a list", imessage({ groupAllowFrom: ["chat:7"] })],
    ["a binding's number", bound("group", 7)],
    ["a binding's chat", bound("group", "chat_id:7")],
    ["a binding's chat of a session", bound("direct", " chatid:7 ")],
  ])("are named by %s, in either configuration", (_, tree) => {
    for (const questions of [asked(tree), asked({}, { config: tree })])
      expect(roomsIn(questions)).toEqual([
        { id: 7, guid: "iMessage;+;chat7", identifier: "chat7", ...named("7"), respelled: undefined },
      ]);
  });

  it.each<[string, Tree]>([
    ["everything", imessage({ groups: { "*": {} } })],
    ["no number of a chat", imessage({ groups: { "0": {} }, groupAllowFrom: ["chat_id:0", "chat_id:-1"] })],
    ["people", imessage({ groupAllowFrom: ["+15550100123"] })],
  ])("are none where %s is named", (_, tree) => {
    expect(roomsIn(asked(tree))).toEqual([]);
  });

  it("have what the bridge knows of them", () => {
    const chats = [
      { id: 6, guid: "any;+;chat66", identifier: "chat66" },
      { id: 7, guid: "any;+;chat77", identifier: "chat77" },
    ];
    expect(roomsIn(asked(imessage({ groups: { "7": {} } }), { chats }))).toEqual([
      { id: 7, guid: "any;+;chat77", identifier: "chat77", ...named("7"), respelled: undefined },
    ]);
    for (const key of ["any;+;chat77", "iMessage;+;chat77", "chat77", "chat_guid:any;+;chat77"])
      expect(
        roomsIn(
          asked({ channels: { bluebubbles: { groups: { [key]: {} } } } }, { chats, dialect: "bluebubbles" }),
        ),
      ).toEqual([expect.objectContaining({ id: 7, key: "7", identifier: "chat77" })]);
  });

  it("have no key of ours where their number is not known, and numbers that differ", () => {
    const groups = { "iMessage;+;chat88": {}, "chat_identifier:chat99": {}, "SMS;+;chat88": {} };
    const rooms = roomsIn(asked({ channels: { bluebubbles: { groups } } }, { dialect: "bluebubbles" }));
    expect(rooms.map(({ guid, identifier, name, key }) => [guid, identifier, name, key])).toEqual([
      ["iMessage;+;chat88", "chat88", "iMessage;+;chat88", undefined],
      ["iMessage;+;chat99", "chat99", "chat99", undefined],
    ]);
    expect(new Set(rooms.map(({ id }) => id)).size).toBe(2);
  });

  it("take the chats of bindings by GUID and identifier", () => {
    for (const [id, guid] of [
      ["iMessage;+;chat8", "iMessage;+;chat8"],
      ["chat_guid:iMessage;+;chat8", "iMessage;+;chat8"],
      ["guid:SMS;+;chat8", "SMS;+;chat8"],
      ["chat_identifier:chat8", "iMessage;+;chat8"],
    ] as const)
      expect([id, ...roomsIn(asked(bound("group", id))).map((room) => room.guid)]).toEqual([id, guid]);
    const [room] = roomsIn(asked(bound("group", "group:SMS;+;chat8"), { dialect: "bluebubbles" }));
    expect(room).toMatchObject({ guid: "SMS;+;chat8", name: "SMS;+;chat8" });
  });

  it("are asked about in every spelling of a GUID in a list, the one that is written first", () => {
    const spellings = (entry: string) =>
      roomsIn(asked(imessage({ groupAllowFrom: [entry] }))).map(({ guid, respelled }) => [guid, respelled]);
    expect(spellings("guid:SMS;+;chat8")).toEqual([
      ["SMS;+;chat8", undefined],
      ["iMessage;+;chat8", "chat_guid:SMS;+;chat8"],
      ["any;+;chat8", "chat_guid:SMS;+;chat8"],
    ]);
    expect(spellings("chat_guid:chat8")).toEqual([["iMessage;+;chat8", undefined]]);
    expect(spellings("chat_identifier:SMS;+;chat8")).toEqual([["SMS;+;chat8", undefined]]);
  });
});

describe("what is asked in a group", () => {
  const textsOf = (tree: Tree) =>
    asked(tree)
      .filter(({ place }) => place.kind === "other")
      .map(({ text, isPlain, mentions }) => [text, isPlain, mentions]);

  it("is a text without a mention, and each way to mention the agent", () => {
    const tree = {
      agents: {
        entries: {
          a: {
            identity: { name: " Molty ", emoji: "🦞", theme: "lobster" },
            groupChat: { mentionPatterns: ["@?bot"] },
          },
        },
      },
    };
    expect(textsOf(tree)).toEqual([
      ["Is anybody there", true, 3],
      ["Molty hello", false, 3],
      ["🦞 hello", false, 3],
      ["bot hello", false, 3],
    ]);
  });

  it.each<[string, string | undefined]>([
    ["\\bbot\\b", "bot"],
    ["^hey\\s+bot", "hey bot"],
    ["(?:bot|molty)", "bot"],
    ["\\.bot", ".bot"],
    ["bots?", "bot"],
    ["[@#]?bot", "bot"],
    ["bot+", "bot"],
    ["\\d{3}", undefined],
    ["(unclosed", undefined],
    ["", undefined],
  ])("is a text that %j matches", (pattern, text) => {
    const texts = textsOf({ messages: { groupChat: { mentionPatterns: [pattern] } } });
    expect(texts.slice(1).map(([one]) => one)).toEqual(text === undefined ? [] : [`${text} hello`]);
  });

  it("takes patterns from wherever they stand, and identities that stand alone", () => {
    const everywhere = [
      { routing: { groupChat: { mentionPatterns: ["bot"] } } },
      { routing: { agents: { a: { mentionPatterns: "bot" } } } },
      { agents: { list: [{ groupChat: { mentionPatterns: ["bot"] } }] } },
      { identity: { name: "bot" } },
    ];
    for (const tree of everywhere)
      expect(textsOf(tree).map(([text]) => text)).toEqual(["Is anybody there", "bot hello"]);
    expect(textsOf({ identity: { name: " ", emoji: 5 } })).toHaveLength(1);
    // Many agents make no more than some texts: each is asked of everybody.
    const patterns = Array.from({ length: 20 }, (_, index) => `bot${index}`);
    expect(textsOf({ messages: { groupChat: { mentionPatterns: patterns } } })).toHaveLength(8);
  });
});
