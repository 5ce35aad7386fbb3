import { describe, expect, it } from "vitest";
import type { Tree } from "../config/fitting/index.js";
import { closings } from "./closing.js";
import type { Change } from "./compare.js";
import { type Outcome, type Rules, refused } from "./probe.js";
import type { Question } from "./probes.js";

const kim = "kim@example.com";
const lee = "lee@example.com";
const answered: Outcome = { kind: "answered", agent: "main" };

/** A message of a person, or of whoever is named nowhere. */
function question(account: string, person: string | undefined, place: Question["place"], isPlain = false) {
  const isGroup = place.kind !== "direct";
  const chat = { id: 7, guid: "iMessage;+;chat7", identifier: "chat7", isGroup };
  const sender = person ?? "+15550100999";
  return { account, person, sender, chat, place, isPlain, mentions: isGroup ? 1 : 0, text: "hello" };
}
const direct = { kind: "direct" } as const;
const other = { kind: "other" } as const;
const group = (key: string | undefined) => ({ kind: "group", name: key ?? "iMessage;+;x", key }) as const;

const opened = (...questions: Question[]): Change[] =>
  questions.map((one) => ({ question: one, before: refused, after: answered, kind: "opened" }));

/** Rules by which those questions are answered that are given, or fare as it is said. */
function rules(...known: [Question, Outcome][]): Rules {
  const keyOf = (one: Parameters<Rules["ask"]>[0]) => `${one.account} ${one.sender} ${one.chat.isGroup}`;
  const outcomes = new Map(known.map(([one, outcome]) => [keyOf(one), outcome]));
  return { accounts: [], ask: (probe) => outcomes.get(keyOf(probe)) ?? refused };
}

/** What is set, by its place under `channels.imessage`. */
function closed(
  changes: Change[],
  options: {
    block: Tree;
    before: Rules;
    questions: Question[];
    isLast?: boolean;
    written?: Map<string, string>;
  },
): Record<string, unknown> {
  const { block, before, questions, isLast = false, written = new Map() } = options;
  const config = { channels: { imessage: block } };
  const moves = closings(changes, { config, written, from: ["imessage"], before, questions, isLast });
  for (const { from, why } of moves) {
    expect(from).toEqual(["imessage"]);
    expect(why?.length).toBeGreaterThan(20);
  }
  const places = moves.map(({ to, value }) => [to!.join("."), value] as const);
  expect(places.map(([place]) => place)).toEqual(
    places.map(() => expect.stringMatching(/^channels\.imessage\.|^commands\.ownerAllowFrom$/)),
  );
  return Object.fromEntries(places.map(([place, value]) => [place.replace("channels.imessage.", ""), value]));
}

describe("closing direct chats", () => {
  const ofKim = question("home", kim, direct);
  const ofLee = question("home", lee, direct);
  const ofKimInGroup = question("home", kim, group("7"));
  const ofLeeAtWork = question("work", lee, direct);
  const stranger = question("home", undefined, direct);
  const questions = [ofKim, ofLee, stranger, question("home", lee, group("7")), ofLeeAtWork];

  it("lists those who were answered there: of this account, in direct chats", () => {
    const before = rules(
      [ofKim, answered],
      [ofLeeAtWork, answered],
      [question("home", lee, other), answered],
    );
    expect(closed(opened(ofLee), { block: { allowFrom: ["*"] }, before, questions })).toEqual({
      dmPolicy: "allowlist",
      allowFrom: [kim],
      // What stood for the groups, too, goes on to stand for them.
      groupAllowFrom: ["*"],
      // Alone in the list, nobody becomes the owner by it.
      "commands.ownerAllowFrom": [],
    });
  });

  it("writes a variable for whom one names, once, and copies lists as they are written", () => {
    const ofKimAgain = question("home", "kim@example.org", direct);
    const before = rules([ofKim, answered], [ofKimAgain, answered], [ofLee, answered]);
    const block = { allowFrom: ["$" + "{KIM}", lee, "*"] };
    const written = new Map([kim, "kim@example.org"].map((handle) => [handle, "$" + "{KIM}"]));
    const asked = [...questions, ofKimAgain];
    expect(closed(opened(stranger), { block, before, questions: asked, written })).toEqual({
      dmPolicy: "allowlist",
      allowFrom: ["$" + "{KIM}", lee],
      groupAllowFrom: block.allowFrom,
    });
  });

  it("leaves who is an owner by the list an owner, and a list of owners as it is", () => {
    const before = rules([ofKim, answered]);
    const keysOf = (block: Tree, more: Tree = {}) =>
      closings(opened(ofLee), {
        ...{ config: { channels: { imessage: block }, ...more }, written: new Map(), from: ["imessage"] },
        ...{ before, questions, isLast: false },
      }).map(({ to }) => to!.at(-1));
    expect(keysOf({ allowFrom: [kim.toUpperCase()] })).not.toContain("ownerAllowFrom");
    expect(keysOf({ allowFrom: [lee] })).toContain("ownerAllowFrom");
    const commands = { ownerAllowFrom: [lee] };
    expect(keysOf({ allowFrom: ["*"] }, { commands })).not.toContain("ownerAllowFrom");
  });

  it("goes on to offer codes where they were offered, and leaves a list for groups as it is", () => {
    const before = rules([ofKim, answered], [stranger, { kind: "code" }], [ofLee, { kind: "code" }]);
    const block = { groupAllowFrom: [lee] };
    expect(closed(opened(ofLee), { block, before, questions })).toEqual({
      dmPolicy: "pairing",
      allowFrom: [kim],
      "commands.ownerAllowFrom": [],
    });
    expect(closed(opened(ofLee), { block: {}, before, questions })).toMatchObject({ groupAllowFrom: [] });
  });

  it("shuts nobody out where everyone was answered but a few", () => {
    const before = rules([ofKim, answered], [stranger, answered]);
    expect(closed(opened(ofLee), { block: {}, before, questions })).toEqual({});
  });

  it("leaves direct chats as they are where a group alone would be open", () => {
    const before = rules([ofKim, answered]);
    expect(closed(opened(ofKimInGroup), { block: { groups: { "7": {} } }, before, questions })).toEqual({
      "groups.7.enabled": false,
    });
  });

  it("closes one account alone, in its own block, with what it takes from the channel", () => {
    const before = rules([ofKim, answered], [ofLeeAtWork, answered]);
    const block = { allowFrom: ["*"], accounts: { Home: { dmPolicy: "open" }, work: {} } };
    expect(closed(opened(ofLee), { block, before, questions })).toEqual({
      "accounts.Home.groupAllowFrom": ["*"],
      "accounts.Home.dmPolicy": "allowlist",
      "accounts.Home.allowFrom": [kim],
      "commands.ownerAllowFrom": [],
    });
    const own = { allowFrom: ["*"], accounts: { home: { allowFrom: [kim, lee] }, work: {} } };
    expect(closed(opened(ofLee), { block: own, before, questions })).toMatchObject({
      "accounts.home.groupAllowFrom": [kim, lee],
    });
  });

  it("serves no account on which nobody was answered, nor one that the last try left open", () => {
    const block = { accounts: { home: {}, work: {} } };
    const ofOthers = rules([ofLeeAtWork, answered]);
    expect(closed(opened(ofLee), { block, before: ofOthers, questions })).toEqual({
      "accounts.home.enabled": false,
    });
    const before = rules([ofKim, answered], [ofLeeAtWork, answered]);
    expect(closed(opened(ofLee), { block, before, questions, isLast: true })).toEqual({
      "accounts.home.enabled": false,
    });
    // Somebody who is offered a code is somebody.
    const offered = rules([ofKim, { kind: "code" }]);
    expect(closed(opened(ofLee), { block: {}, before: offered, questions })).toMatchObject({ allowFrom: [] });
  });

  it("says of an account on which nobody was answered that a binding is missing, and of no other", () => {
    const whyOf = (before: Rules, isLast: boolean) =>
      closings(opened(ofLee), { config: {}, written: new Map(), from: [], before, questions, isLast })[0]!
        .why;
    expect(whyOf(rules(), false)).toContain("no binding");
    expect(whyOf(rules(), true)).toContain("no binding");
    expect(whyOf(rules([ofKim, answered]), true)).toContain("closed until you decide");
  });

  it("closes each of two accounts that would be open", () => {
    const before = rules([ofKim, answered], [ofLeeAtWork, answered]);
    const both = opened(ofLee, question("work", kim, direct), question("work", undefined, direct));
    const block = { groupAllowFrom: [], accounts: { home: {}, work: {} } };
    expect(closed(both, { block, before, questions })).toEqual({
      "accounts.home.dmPolicy": "allowlist",
      "accounts.home.allowFrom": [kim],
      "accounts.work.dmPolicy": "allowlist",
      "accounts.work.allowFrom": [lee],
      "commands.ownerAllowFrom": [],
    });
  });
});

describe("closing groups", () => {
  const before = rules([question("home", kim, direct), answered], [question("work", kim, direct), answered]);
  const questions = [question("home", kim, direct), question("work", kim, direct)];
  const groupsOf = (changes: Change[], block: Tree) => closed(changes, { block, before, questions });
  const plain = question("home", lee, group("7"), true);
  const mentioned = question("home", lee, group("7"));

  it("asks for a mention where that is all that is missing", () => {
    expect(groupsOf(opened(plain), { groups: { "7": { requireMention: false } } })).toEqual({
      "groups.7.requireMention": true,
    });
    expect(groupsOf(opened(plain), { groups: { "7": {}, "*": { requireMention: false } } })).toEqual({
      "groups.7.requireMention": true,
    });
  });

  it.each([
    ["a mention is asked for already", [plain], { "7": {} }],
    [
      "its own setting asks for one",
      [plain],
      { "7": { requireMention: true }, "*": { requireMention: false } },
    ],
    ["those who mention would be let in, too", [plain, mentioned], { "7": { requireMention: false } }],
  ])("closes the group where %s", (_, questionsOf, groups) => {
    expect(groupsOf(opened(...questionsOf), { groups })).toEqual({ "groups.7.enabled": false });
  });

  it("closes one of several groups, and all that are not named by the entry for them", () => {
    const groups = { "7": { requireMention: false }, "8": { requireMention: false }, "*": {} };
    const ofOthers = question("home", lee, other);
    expect(groupsOf(opened(plain, ofOthers), { groups })).toEqual({
      "groups.7.requireMention": true,
      "groups.*.enabled": false,
    });
  });

  it("keeps the other groups open where the entry is the first", () => {
    expect(groupsOf(opened(mentioned), {})).toEqual({ "groups.7.enabled": false, "groups.*": {} });
    expect(groupsOf(opened(question("home", lee, other)), {})).toEqual({ "groups.*.enabled": false });
  });

  it("closes all groups where the number of one is not known", () => {
    const unknown = question("home", lee, group(undefined));
    expect(groupsOf(opened(mentioned, unknown), { groups: { "7": {} } })).toEqual({
      groupPolicy: "disabled",
    });
  });

  it("changes no group of another account", () => {
    const groups = { "7": { requireMention: false } };
    // Both take the channel's groups: one of them is closed by its policy.
    expect(groupsOf(opened(plain), { groups, accounts: { home: {}, work: {} } })).toEqual({
      "accounts.home.groupPolicy": "disabled",
    });
    expect(groupsOf(opened(plain), { groups, accounts: { home: { groups }, work: {} } })).toEqual({
      "accounts.home.groups.7.requireMention": true,
    });
    // Alone, an account shares the channel's with nobody.
    expect(groupsOf(opened(plain), { groups, accounts: { home: {} } })).toEqual({
      "groups.7.requireMention": true,
    });
  });

  it("closes direct chats and groups together", () => {
    const both = opened(question("home", lee, direct), mentioned);
    expect(groupsOf(both, { groupAllowFrom: [], groups: { "7": {} } })).toEqual({
      dmPolicy: "allowlist",
      allowFrom: [kim],
      "groups.7.enabled": false,
      "commands.ownerAllowFrom": [],
    });
  });
});
