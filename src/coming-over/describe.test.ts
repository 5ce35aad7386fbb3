import { expect, it } from "vitest";
import type { Change } from "./compare.js";
import { describe as told } from "./describe.js";
import { type Outcome, refused } from "./probe.js";
import type { Question } from "./probes.js";

const by = (agent: string): Outcome => ({ kind: "answered", agent });
const code: Outcome = { kind: "code" };
const direct = { kind: "direct" } as const;
const group = { kind: "group", name: "7", key: "7" } as const;

function change(
  kind: Change["kind"],
  [before, after]: [Outcome, Outcome],
  question: Partial<Question> = {},
): Change {
  const place = question.place ?? direct;
  const chat = { id: 7, guid: place.kind === "group" ? place.name : "x", identifier: "x", isGroup: false };
  const whole = {
    account: "home",
    person: "kim",
    sender: "kim",
    text: "hi",
    isPlain: false,
    mentions: 0,
    chat,
    place,
  };
  return { kind, before, after, question: { ...whole, ...question } };
}
const opened = (question: Partial<Question> = {}, outcomes: [Outcome, Outcome] = [refused, by("a")]) =>
  change("opened", outcomes, question);
const closed = (question: Partial<Question> = {}, outcomes: [Outcome, Outcome] = [by("a"), refused]) =>
  change("closed", outcomes, question);
const lines = (changes: Change[], config = {}, names = new Map<string, string>()) =>
  told(changes, config, names);

it("tells who gains and who loses, by account, person and place", () => {
  expect(
    lines([
      opened(),
      opened({ place: group }),
      opened({ place: { kind: "other" }, person: undefined, account: "work" }),
      closed({ person: "lee" }),
      change("moved", [by("a"), by("b")], { person: "sam" }),
    ]),
  ).toEqual({
    gained: [
      "home: kim in direct chats",
      "home: kim in group 7",
      "work: everyone in any group",
      "home: sam in direct chats, answered by agent b instead of a",
    ],
    lost: ["home: lee in direct chats"],
  });
});

it("names which agent answers where there are several", () => {
  const agentsOf = (list: unknown) => lines([opened()], { agents: { list } }).gained;
  expect(agentsOf([{ id: "a" }, { id: "b" }])).toEqual(["home: kim in direct chats, answered by agent a"]);
  expect(agentsOf([{ id: "a" }])).toEqual(["home: kim in direct chats"]);
  expect(lines([closed()], { agents: { list: [{}, {}] } }).lost).toEqual(["home: kim in direct chats"]);
});

it("tells who is offered a code, or no longer", () => {
  expect(lines([opened({}, [refused, code]), closed({}, [code, refused])])).toEqual({
    gained: ["home: kim in direct chats is offered a pairing code"],
    lost: ["home: kim in direct chats is offered a pairing code"],
  });
  expect(lines([opened({ person: undefined }, [refused, code])]).gained).toEqual([
    "home: whoever asks is offered a pairing code",
  ]);
  expect(lines([closed({ person: undefined }, [by("a"), code])]).lost).toEqual([
    "home: everyone in direct chats",
  ]);
  expect(lines([opened({ person: undefined }, [code, by("a")])]).gained).toEqual([
    "home: everyone in direct chats",
  ]);
});

it("tells what changes in the same way for everyone once, and only that", () => {
  const everyone = opened({ person: undefined });
  expect(lines([opened(), everyone]).gained).toEqual(["home: everyone in direct chats"]);
  expect(lines([opened({ account: "work" }), everyone]).gained).toHaveLength(2);
  expect(lines([opened({ place: group }), everyone]).gained).toHaveLength(2);
  expect(lines([opened({}, [code, by("a")]), everyone]).gained).toHaveLength(2);
  expect(lines([opened({}, [refused, by("b")]), everyone]).gained).toHaveLength(2);
  // Of two groups by their GUID, of direct chats whatever each is called.
  const other = { ...group, name: "8" };
  expect(lines([opened({ place: group, person: undefined }), opened({ place: other })]).gained).toHaveLength(
    2,
  );
  const chat = { id: 9, guid: "own", identifier: "x", isGroup: false };
  expect(lines([opened({ chat }), everyone]).gained).toHaveLength(1);
});

it("says in which way of writing, where it is not every one", () => {
  const way = (text: string, isPlain = false) => opened({ place: group, text, isPlain, mentions: 2 });
  const of = (...changes: Change[]) => lines(changes).gained;
  expect(of(way("plain", true))).toEqual(["home: kim in group 7, without a mention"]);
  expect(of(way("@a"))).toEqual(['home: kim in group 7, writing "@a"']);
  expect(of(way("@a"), way("@b"))).toEqual(["home: kim in group 7"]);
  expect(of(way("plain", true), way("@a"))).toEqual(["home: kim in group 7"]);
  const many = (text: string) => opened({ place: group, text, mentions: 3 });
  expect(of(many("@a"), many("@b"))).toEqual(['home: kim in group 7, writing "@a" or "@b"']);
});

it("names who is behind a variable by it, and the entry that names a chat in another spelling", () => {
  expect(lines([opened(), opened({ person: "lee" })], {}, new Map([["kim", "$ME"]])).gained).toEqual([
    "home: $ME in direct chats",
    "home: lee in direct chats",
  ]);
  expect(lines([opened({ place: group, respelled: "chat_guid:x" })]).gained).toEqual([
    "home: kim in group 7 (chat_guid:x names the chat under every service here)",
  ]);
});
