import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { functionAgent } from "../../src/agents/index.js";
import { World } from "../../src/testing/index.js";
import { removeFolder } from "../support/remove-folder.js";

vi.setConfig({ testTimeout: 240_000 });

const owner = "+15550100999";
const mia = "+15550100123";
const sam = "+15550100321";

let close = async () => {};
afterEach(() => close());

interface Options {
  version?: "0.9.0" | "0.14.0" | "0.19.1";
  bridge?: boolean;
  imessage?: object;
  /** What is asked beside it. */
  first?: string;
}

/**
 * A gateway in virtual time, whose agent takes a message that begins with `{` for what it asks, and several of them for what it
 * asks at once; it says what it got.
 */
async function asking({ version = "0.19.1", bridge = version !== "0.9.0", imessage = {} }: Options = {}) {
  const folder = mkdtempSync(join(tmpdir(), "ask-"));
  const world = new World({
    folder,
    mac: { version, bridge, sip: bridge ? "disabled" : "enabled", names: { [mia]: "Mia Wong" } },
    config: {
      channels: {
        imessage: { dmPolicy: "open", allowFrom: ["*"], groupPolicy: "open", ...imessage },
      },
      commands: { ownerAllowFrom: [owner] },
      session: { dmScope: "per-peer" },
      messages: { groupChat: { mentionPatterns: ["^\\{"] } },
    },
    makeAgent: (definition, deps) =>
      functionAgent(
        async (turn) => {
          const text = turn.envelope.messages.map((message) => message.text).join("\n");
          if (!text.startsWith("{")) return `re: ${text}`;
          const got = await Promise.all(
            text.split("\n").map((line) => turn.act("ask", JSON.parse(line)).catch(({ code }) => code)),
          );
          return `got ${JSON.stringify(got)}`;
        },
        definition,
        deps,
      ),
  });
  close = async () => {
    world.close();
    await removeFolder(folder);
  };
  await world.start();
  expect(await world.connected()).toBe(true);
  const from = (chat: number) => world.mac.transcript(chat).filter((row) => row.from === "me");
  const texts = (chat: number) => from(chat).map(({ text }) => text);
  const polls = (chat: number) => from(chat).filter(({ poll }) => poll !== undefined);
  const until = async (isSo: () => boolean, chats: number[] = []) =>
    expect(await world.clock.advanceUntil(isSo, 120_000), JSON.stringify(chats.map(texts), null, 1)).toBe(
      true,
    );
  return { world, from, texts, polls, until };
}

const pizza = { question: "Which pizza?", options: ["Margherita", "Funghi"] };
const ask = (more: object = {}) => JSON.stringify({ ...pizza, ...more });
const got = (...answers: object[]) => `got ${JSON.stringify(answers)}`;
const numbered = "Which pizza?\n1. Margherita\n2. Funghi\nAnswer with a number, also as a tapback (1️⃣).";
const gotIt = (texts: string[]) => texts.some((text) => text.startsWith("got "));

/** Mia has been asked by a numbered text. */
async function asked(more: object = {}, options: Options = { version: "0.9.0" }) {
  const house = await asking(options);
  const { chatId: hers } = house.world.mac.say({
    from: mia,
    text: [options.first ?? [], ask(more)].flat().join("\n"),
  });
  await house.until(() => house.texts(hers).some((text) => text.startsWith("Which pizza?\n")), [hers]);
  const question = house.from(hers).find(({ text }) => text.startsWith("Which pizza?"))!;
  const answered = () => house.until(() => gotIt(house.texts(hers)), [hers]);
  return { ...house, hers, question, answered };
}

describe("a question of an agent to its chat", () => {
  it("goes as a poll where the build has polls, and takes the last vote in time", async () => {
    const { world, texts, polls, until } = await asking();
    const { chatId: hers } = world.mac.say({ from: mia, text: ask() });
    await until(() => polls(hers).length === 1);
    expect(polls(hers)[0]!.poll).toEqual(pizza);
    const { guid } = polls(hers)[0]!;
    world.mac.vote(mia, guid, "Margherita");
    await world.clock.advance(2000);
    world.mac.vote(mia, guid, "Margherita", true);
    await world.clock.advance(20_000);
    // What is taken back is no answer.
    expect(gotIt(texts(hers))).toBe(false);
    world.mac.vote(mia, guid, "Margherita");
    await world.clock.advance(2000);
    world.mac.vote(mia, guid, "Funghi");
    await until(() => gotIt(texts(hers)), [hers]);
    // The caption that imsg sends with a poll, and nothing about the vote but what the agent says.
    expect(texts(hers).filter((text) => text !== "")).toEqual([
      "Which pizza?",
      got({ choice: "Funghi", number: 2, by: mia }),
    ]);
    world.mac.vote(mia, guid, "Margherita");
    await until(() => texts(hers).includes("That was answered already: Funghi."), [hers]);
  });

  it.each(["2", "2.", "Funghi", "funghi!"])("takes %j for the choice, without polls", async (text) => {
    const { world, hers, texts, answered } = await asked();
    expect(texts(hers)).toEqual([numbered]);
    world.mac.say({ from: mia, text });
    await answered();
    expect(texts(hers)).toEqual([numbered, got({ choice: "Funghi", number: 2, by: mia })]);
  });

  it.each(["0.9.0", "0.14.0"] as const)("takes a keycap as a tapback on %s", async (version) => {
    // Without its bridge this build has no polls either.
    const { world, hers, texts, question, answered } = await asked({}, { version, bridge: false });
    world.mac.tapback(mia, question.guid, "2️⃣");
    await answered();
    expect(texts(hers).at(-1)).toBe(got({ choice: "Funghi", number: 2, by: mia }));
  });

  it("hands on to the agent what fits no choice, and takes it where it may be other words", async () => {
    const { world, hers, texts, question, until, answered } = await asked();
    world.mac.say({ from: mia, text: "yes" });
    world.mac.tapback(mia, question.guid, "like");
    world.mac.say({ from: mia, text: "what do you mean?" });
    await until(() => texts(hers).some((text) => text.startsWith("That waits")), [hers]);
    expect(texts(hers)[1]).toBe("That waits: the agent goes on when its question is answered (a number).");
    world.mac.say({ from: mia, text: "7" });
    await until(() => texts(hers).includes("Answer with a number from 1 to 2."), [hers]);
    world.mac.say({ from: mia, text: "1" });
    await answered();
    await until(() => texts(hers).some((text) => /^re: yes/.test(text)), [hers]);
  });

  it("takes other words where it says so, but no command", async () => {
    const { world, hers, texts, until, answered } = await asked({ other: true });
    expect(texts(hers)[0]).toBe(numbered.replace("(1️⃣)", "(1️⃣), or in your own words"));
    world.mac.say({ from: mia, text: "/whoami" });
    await until(() => texts(hers).length === 2, [hers]);
    world.mac.say({ from: mia, text: "No pizza today, thanks" });
    await answered();
    expect(texts(hers).at(-1)).toBe(got({ words: "No pizza today, thanks", by: mia }));
  });

  it("says that nobody answered in time", async () => {
    const { world, hers, texts, answered, until } = await asked({ timeoutSeconds: 30 });
    await world.clock.advance(29_000);
    expect(gotIt(texts(hers))).toBe(false);
    await answered();
    expect(texts(hers).slice(1)).toEqual([got({ expired: true })]);
    world.mac.say({ from: mia, text: "2" });
    // The agent has spoken since, so a number is a message again.
    await until(() => texts(hers).includes("re: 2"), [hers]);
  });

  it("goes on after a crash without being asked again, also when it was answered meanwhile", async () => {
    const { world, hers, texts, answered } = await asked();
    world.die();
    await world.start();
    expect(await world.connected()).toBe(true);
    await world.clock.advance(5000);
    expect(texts(hers)).toEqual([numbered]);
    world.die();
    world.mac.say({ from: mia, text: "1" });
    await world.start();
    await answered();
    expect(texts(hers)).toEqual([numbered, got({ choice: "Margherita", number: 1, by: mia })]);
  });

  it("goes on after a stop in order, and a vote that was under way counts", async () => {
    const { world, texts, polls, until } = await asking();
    const { chatId: hers } = world.mac.say({ from: mia, text: ask() });
    await until(() => polls(hers).length === 1);
    world.mac.vote(mia, polls(hers)[0]!.guid, "Funghi");
    await world.clock.advance(1000);
    await world.stop();
    await world.start();
    await until(() => gotIt(texts(hers)), [hers]);
    expect(polls(hers)).toHaveLength(1);
    expect(texts(hers).at(-1)).toBe(got({ choice: "Funghi", number: 2, by: mia }));
  });

  it("says which are open where several are, and takes a reply and a name", async () => {
    const { world, hers, from, texts, until, answered } = await asked(
      {},
      { version: "0.9.0", first: ask({ question: "Which wine?", options: ["Red", "White"] }) },
    );
    const wine = () => from(hers).find(({ text }) => text.startsWith("Which wine?"));
    await until(() => wine() !== undefined, [hers]);
    world.mac.say({ from: mia, text: "2" });
    const list = () => texts(hers).find((text) => text.startsWith("2 questions are open"));
    await until(() => list() !== undefined, [hers]);
    const [, id] = /(\w{4}): Which pizza\? \(1 Margherita, 2 Funghi\)/.exec(list()!)!;
    world.mac.say({ from: mia, text: "2", replyTo: wine()!.guid });
    world.mac.say({ from: mia, text: `/approve ${id} 1` });
    await answered();
    expect(texts(hers).at(-1)).toBe(
      got({ choice: "White", number: 2, by: mia }, { choice: "Margherita", number: 1, by: mia }),
    );
  });

  it("is refused where what is written there waits for an owner's yes", async () => {
    const { world, texts, until } = await asking({ imessage: { review: "on" } });
    const { chatId: hers } = world.mac.say({ from: mia, text: ask() });
    const { chatId: own } = world.mac.say({ from: owner, text: "hello" });
    await until(() => texts(own).some((text) => text.includes('got ["ACTION_UNAVAILABLE"]')), [own]);
    expect(texts(hers)).toEqual([]);
  });
});

describe("who may answer", () => {
  /** A group in which somebody has been asked by a poll. */
  async function inGroup(asker: string) {
    const house = await asking({ imessage: { groups: { "*": { requireMention: true } } } });
    const { id: group } = house.world.mac.group([owner, mia, sam], { name: "Dinner" });
    house.world.mac.say({ from: asker, chat: group, text: ask({ other: true }) });
    await house.until(() => house.polls(group).length === 1, [group]);
    return { ...house, group, poll: house.polls(group)[0]!.guid };
  }

  it("in a group: whoever wrote what the turn answers, and by its name an owner", async () => {
    const { world, group, poll, texts, until } = await inGroup(mia);
    world.mac.vote(sam, poll, "Funghi");
    world.mac.say({ from: sam, chat: group, text: "2" });
    world.mac.say({ from: sam, chat: group, text: "2", replyTo: poll });
    // An owner who was not asked talks to the others.
    world.mac.say({ from: owner, chat: group, text: "2" });
    world.mac.say({ from: mia, chat: group, text: "I am so hungry" });
    await world.clock.advance(20_000);
    expect(gotIt(texts(group))).toBe(false);
    world.mac.vote(mia, poll, "Margherita");
    await until(() => gotIt(texts(group)), [group]);
    expect(texts(group).at(-1)).toBe(got({ choice: "Margherita", number: 1, by: mia }));
  });

  it("an owner by a vote, and other words in a group only in reply", async () => {
    const first = await inGroup(mia);
    first.world.mac.vote(owner, first.poll, "Funghi");
    await first.until(() => gotIt(first.texts(first.group)), [first.group]);
    expect(first.texts(first.group).at(-1)).toBe(got({ choice: "Funghi", number: 2, by: owner }));
    await close();
    const second = await inGroup(mia);
    second.world.mac.say({ from: mia, chat: second.group, text: "Quattro", replyTo: second.poll });
    await second.until(() => gotIt(second.texts(second.group)), [second.group]);
    expect(second.texts(second.group).at(-1)).toBe(got({ words: "Quattro", by: mia }));
  });

  it("nobody but an owner, where an owner's turn asks", async () => {
    const { world, group, poll, texts, until } = await inGroup(owner);
    for (const guest of [mia, sam]) world.mac.vote(guest, poll, "Margherita");
    world.mac.say({ from: mia, chat: group, text: "1", replyTo: poll });
    await world.clock.advance(20_000);
    expect(gotIt(texts(group))).toBe(false);
    world.mac.say({ from: owner, chat: group, text: "2" });
    await until(() => gotIt(texts(group)), [group]);
    expect(texts(group).at(-1)).toBe(got({ choice: "Funghi", number: 2, by: owner }));
  });

  it("an owner alone in the own chat, with a number while nothing else is open there", async () => {
    const { world, texts, until, from } = await asking({
      version: "0.9.0",
      imessage: { dms: { [sam]: { review: "on" } } },
    });
    const { chatId: own } = world.mac.say({ from: owner, text: "hello" });
    const { chatId: hers } = world.mac.say({ from: mia, text: ask({ who: "owner" }) });
    const question = () => from(own).find(({ text }) => text.startsWith("For Mia Wong. Which pizza?"));
    await until(() => question() !== undefined, [own]);
    const [, id] = /Or: \/approve (\w{4}) <number>$/.exec(question()!.text)!;
    world.mac.say({ from: mia, text: "1" });
    world.mac.say({ from: mia, text: `/approve ${id} 1` });
    await until(() => texts(hers).includes("Only an owner may answer this, over iMessage."), [hers]);
    world.mac.say({ from: sam, text: "hi" });
    await until(() => texts(own).some((text) => text.startsWith(`To ${sam}`)), [own]);
    // With a draft open beside it a number gets the list.
    world.mac.say({ from: owner, text: "2" });
    await until(() => texts(own).some((text) => text.startsWith("2 questions are open")), [own]);
    expect(gotIt(texts(hers))).toBe(false);
    world.mac.say({ from: owner, text: "2", replyTo: question()!.guid });
    await until(() => texts(hers).some((text) => text.startsWith("got ")), [hers]);
    expect(texts(hers)).toContain(got({ choice: "Funghi", number: 2, by: owner }));
    await until(() => texts(own).includes("Funghi: noted."), [own]);
    world.mac.say({ from: owner, text: "no" });
    await until(() => texts(own).includes(`Dropped: nothing goes to ${sam}.`), [own]);
  });
});
