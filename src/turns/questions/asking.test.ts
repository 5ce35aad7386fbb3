import { describe, expect, it } from "vitest";
import { turnLabs, type Where } from "../../../test/support/turn-lab.js";
import type { AskedChoice, ChosenAnswer } from "../../agents/index.js";
import type { Question, Turn } from "../../store/index.js";
import { TurnRights } from "../tools/turn-rights.js";
import { type AskFacts, askingTool } from "./asking.js";
import { OpenQuestions } from "./open-questions.js";

const open = turnLabs();
const mia = "+15550100123";
const owners = ["+15550100001", "+15550100002"];
const which: AskedChoice = {
  ...{ question: "Which **day**?", options: ["Friday", "Saturday"], who: "chat", timeoutSeconds: 30 },
  other: false,
};

/** A turn that asks, and one of another chat beside it, which asks nothing. */
async function asking(where: Where = {}, over: Partial<AskFacts> = {}) {
  const lab = open();
  await lab.queue("turn", { session: "a", ...where });
  await lab.queue("beside", { session: "b", chatId: 8 });
  const { store, clock, log } = lab;
  const [first] = await store.turns.claim("node", 2, clock.now());
  const waits: string[] = [];
  const facts: AskFacts = {
    owners: async () => owners,
    isReviewed: () => false,
    hasPolls: () => false,
    region: () => "US",
    ...over,
  };
  /** What one run of the turn asks with; a later one as a process has it that begins anew. */
  const run = (turn: Turn) => {
    const rights = new TurnRights();
    const questions = new OpenQuestions({ store, clock, log });
    const wait = () => {
      waits.push("waits");
      return () => void waits.push("goes on");
    };
    const tool = askingTool(turn, { store, clock, questions, rights, facts, wait });
    const outcomes: (ChosenAnswer | string)[] = [];
    const ask = (more: Partial<AskedChoice> = {}) =>
      void tool.ask({ ...which, ...more }).then(
        (answer) => outcomes.push(answer),
        (error: { code: string }) => outcomes.push(error.code),
      );
    return { rights, questions, outcomes, ask };
  };
  /** The turn is given back, and runs again. */
  const again = async () => {
    await store.turns.release(first!.claim);
    const [next] = await store.turns.claim("node", 1, clock.now());
    return run(next!.turn);
  };
  const all = async () => (await store.outbox.list({ limit: 99 })).reverse();
  const sent = async () =>
    (await all()).map(({ target, text }) => [
      target.kind === "handle" ? target.handle : target.kind === "chat_id" && target.chatId,
      text,
    ]);
  const openNow = async (): Promise<Question[]> => store.questions.waiting();
  const asked = async (count = 1) => {
    await lab.until(async () => (await openNow()).length === count);
    return openNow();
  };
  return { lab, turn: first!.turn, waits, run, again, all, sent, openNow, asked };
}

describe("an agent's question to the chat (behaviour 18.2)", () => {
  it("goes into its own conversation, and is answered by the choice, its place and whose it is", async () => {
    const { lab, turn, waits, run, sent, asked, all } = await asking();
    const { ask, questions, outcomes } = run(turn);
    // No part of a millisecond is kept.
    ask({ timeoutSeconds: 29.9995 });
    const [question] = await asked();
    const at = lab.clock.now();
    expect(question).toMatchObject({
      ...{ kind: "ask", account: "default", turnId: "turn", sessionKey: "a", title: "Which day?" },
      ...{ askedAt: at, expiresAt: at + 30_000, answerers: [mia] },
      options: [
        { id: "1", name: "Friday", kind: "choice" },
        { id: "2", name: "Saturday", kind: "choice" },
      ],
    });
    expect(question).not.toHaveProperty("words");
    expect(await sent()).toEqual([
      [7, "Which day?\n1. Friday\n2. Saturday\nAnswer with a number, also as a tapback (1️⃣)."],
    ]);
    expect((await all())[0]).not.toHaveProperty("poll");
    expect(waits).toEqual(["waits"]);
    await questions.answer(question!.id, question!.options[1], mia);
    await lab.until(() => outcomes.length === 1);
    expect(outcomes).toEqual([{ choice: "Saturday", number: 2, by: mia }]);
    expect(waits).toEqual(["waits", "goes on"]);
  });

  it("says that nobody answered in time, and that the turn ended before", async () => {
    const { lab, turn, waits, run, asked, sent } = await asking();
    const { ask, questions, outcomes } = run(turn);
    ask();
    await asked();
    await lab.clock.advance(29_999);
    expect(outcomes).toEqual([]);
    await lab.clock.advance(1);
    await lab.until(() => outcomes.length === 1);
    // What nobody wanted to say is not told in the chat.
    expect(await sent()).toHaveLength(1);
    ask({ question: "And now?" });
    await asked();
    questions.endTurn("beside");
    expect(outcomes).toHaveLength(1);
    questions.endTurn("turn");
    await lab.until(() => outcomes.length === 2);
    expect(outcomes).toEqual([{ expired: true }, "NO_TURN"]);
    expect(waits).toEqual(["waits", "goes on", "waits", "goes on"]);
  });

  it("is answered by all who wrote what it is about in a group, and in an owner's turn by owners alone", async () => {
    const { turn, run, asked } = await asking({ isGroup: true });
    const [message] = turn.envelope.messages;
    const by = (handle: string) => ({ ...message!, sender: { handle, isOwner: false } });
    const messages = [by("(555) 010-0124"), by(mia), by("")];
    run({ ...turn, envelope: { ...turn.envelope, messages } }).ask();
    expect((await asked())[0]!.answerers).toEqual([mia, "+15550100124"]);
    const own = await asking({ isGroup: true, isOwner: true });
    own.run(own.turn).ask();
    const [question] = await own.asked();
    expect(question).not.toHaveProperty("answerers");
    expect((await own.sent())[0]![0]).toBe(7);
  });

  it.each<[string, Where, AskedChoice["who"], Question["words"]]>([
    ["whatever its person writes", {}, "chat", "plain"],
    ["whatever an owner writes", { isOwner: true }, "chat", "plain"],
    ["whatever an owner writes who is asked as one", { isOwner: true }, "owner", "plain"],
    ["a reply in a group", { isGroup: true }, "chat", "reply"],
    ["a reply of an owner elsewhere", {}, "owner", "reply"],
  ])("takes other words: %s", async (_, where, who, words) => {
    const { lab, turn, run, asked } = await asking(where);
    const { ask, questions, outcomes } = run(turn);
    ask({ who, other: true });
    const [question] = await asked();
    expect(question!.words).toBe(words);
    await questions.answer(question!.id, { id: "", name: "Sunday", kind: "words" }, mia);
    await lab.until(() => outcomes.length === 1);
    expect(outcomes).toEqual([{ words: "Sunday", by: mia }]);
  });

  it("is refused where the conversation waits for an owner's yes, and says nothing there", async () => {
    const { lab, turn, run, waits, sent, openNow } = await asking({}, { isReviewed: () => true });
    const { ask, outcomes } = run(turn);
    ask();
    await lab.until(() => outcomes.length === 1);
    expect(outcomes).toEqual(["ACTION_UNAVAILABLE"]);
    expect([await sent(), await openNow()]).toEqual([[], []]);
    expect(waits).toEqual(["waits", "goes on"]);
  });

  it("is not asked on behalf of a turn that is over", async () => {
    const { lab, turn, run, sent, waits } = await asking();
    const { ask, rights, outcomes } = run(turn);
    rights.end();
    ask();
    await lab.until(() => outcomes.length === 1);
    expect([outcomes, await sent(), waits]).toEqual([["NO_TURN"], [], []]);
  });
});

describe("an agent's question to an owner (behaviour 18.2)", () => {
  it("goes into the owners' own chats, also where the turn's is reviewed or a group", async () => {
    const { lab, turn, run, asked, sent } = await asking({ isGroup: true }, { isReviewed: () => true });
    const { ask, questions, outcomes } = run(turn);
    ask({ who: "owner" });
    const [question] = await asked();
    expect(question).not.toHaveProperty("answerers");
    const text = `For chat_id:7. Which day?\n1. Friday\n2. Saturday\nAnswer with a number, also as a tapback (1️⃣). Or: /approve ${question!.id} <number>`;
    expect(await sent()).toEqual(owners.map((owner) => [owner, text]));
    await questions.answer(question!.id, question!.options[0], owners[1]!);
    await lab.until(() => outcomes.length === 1);
    expect(outcomes).toEqual([{ choice: "Friday", number: 1, by: owners[1] }]);
  });

  it("goes into the turn's own chat where that is one, whatever waits for a yes in others", async () => {
    const { turn, run, asked, sent } = await asking({ isOwner: true }, { isReviewed: () => true });
    run(turn).ask({ who: "owner" });
    const [question] = await asked();
    expect(question).not.toHaveProperty("answerers");
    expect((await sent()).map(([to]) => to)).toEqual([7]);
  });

  it("is refused where there is none, and that of an owner's own chat needs no other", async () => {
    const nobody = { owners: async () => [] };
    const { lab, turn, run, sent } = await asking({}, nobody);
    const { ask, outcomes } = run(turn);
    ask({ who: "owner" });
    await lab.until(() => outcomes.length === 1);
    expect([outcomes, await sent()]).toEqual([["ACTION_UNAVAILABLE"], []]);
    const own = await asking({ isOwner: true }, nobody);
    own.run(own.turn).ask({ who: "owner" });
    await own.asked();
    const chat = await asking({}, nobody);
    chat.run(chat.turn).ask();
    await chat.asked();
  });
});

describe("a question where the Mac has polls", () => {
  const choices = "\n1. Friday\n2. Saturday\nAnswer with a number, also as a tapback (1️⃣).";

  it("is one poll, with the numbers for where it fails", async () => {
    const { turn, run, asked, all } = await asking({}, { hasPolls: () => true });
    run(turn).ask();
    await asked();
    expect((await all()).map(({ text, poll }) => [text, poll])).toEqual([
      [`Which day?${choices}`, { question: "Which day?", options: ["Friday", "Saturday"] }],
    ]);
  });

  it("has all of a long question before its choices, without a poll too", async () => {
    const question = `Which day ${"or other ".repeat(20)}?`;
    for (const hasPolls of [true, false]) {
      const { turn, run, asked, all } = await asking({}, { hasPolls: () => hasPolls });
      run(turn).ask({ question });
      const [{ title }] = (await asked()) as [Question];
      expect(title.length).toBeLessThanOrEqual(120);
      const messages = await all();
      expect(messages.map(({ text }) => text)).toEqual([question, `${title}${choices}`]);
      expect(messages.map(({ poll }) => poll !== undefined)).toEqual([false, hasPolls]);
    }
  });
});

describe("a question of a turn that runs again (behaviour 18.2)", () => {
  it("is answered by what it was answered before, without being asked once more", async () => {
    const { lab, turn, run, again, asked, sent, openNow } = await asking();
    const first = run(turn);
    first.ask();
    const [question] = await asked();
    await first.questions.answer(question!.id, question!.options[1], mia);
    await lab.until(() => first.outcomes.length === 1);
    first.ask({ question: "When?" });
    await asked();
    await lab.clock.advance(30_000);
    await lab.until(() => first.outcomes.length === 2);
    const second = await again();
    // How long it is waited for makes no other question of it.
    second.ask({ timeoutSeconds: 99 });
    await lab.until(() => second.outcomes.length === 1);
    second.ask({ question: "When?" });
    await lab.until(() => second.outcomes.length === 2);
    expect(second.outcomes).toEqual([{ choice: "Saturday", number: 2, by: mia }, { expired: true }]);
    expect([(await sent()).length, await openNow()]).toEqual([2, []]);
  });

  it("waits on for the answer to what is open, and takes the time that is left", async () => {
    const { lab, turn, run, again, asked, sent } = await asking();
    run(turn).ask();
    const [question] = await asked();
    await lab.clock.advance(20_000);
    const second = await again();
    second.ask();
    await lab.clock.advance(9_999);
    expect(second.outcomes).toEqual([]);
    await second.questions.answer(question!.id, question!.options[0], mia);
    await lab.until(() => second.outcomes.length === 1);
    expect(second.outcomes).toEqual([{ choice: "Friday", number: 1, by: mia }]);
    expect(await sent()).toHaveLength(1);
  });

  it("is closed where it is not asked again, and no other turn's is", async () => {
    const { lab, turn, run, again, asked, openNow } = await asking();
    const { store, clock } = lab;
    run(turn).ask();
    const [first] = await asked();
    const beside = (await store.turns.get("beside"))!;
    run(beside).ask({ question: "Which of hers?" });
    await asked(2);
    const second = await again();
    second.ask({ question: "Which week?" });
    await lab.until(async () => (await openNow()).some(({ title }) => title === "Which week?"));
    expect((await openNow()).map(({ title }) => title).sort()).toEqual(["Which of hers?", "Which week?"]);
    expect(await store.questions.get(first!.id)).toMatchObject({ state: "closed", endedAt: clock.now() });
  });

  it("is another one where it is asked twice in one run", async () => {
    const { lab, turn, run, again, asked } = await asking();
    const first = run(turn);
    first.ask();
    first.ask();
    const [one, two] = (await asked(2)).sort((a, b) => a.occasion!.localeCompare(b.occasion!));
    expect(one!.occasion).not.toBe(two!.occasion);
    await first.questions.answer(one!.id, one!.options[0], mia);
    await first.questions.answer(two!.id, two!.options[1], mia);
    await lab.until(() => first.outcomes.length === 2);
    const second = await again();
    second.ask();
    second.ask();
    await lab.until(() => second.outcomes.length === 2);
    expect(second.outcomes).toEqual([
      { choice: "Friday", number: 1, by: mia },
      { choice: "Saturday", number: 2, by: mia },
    ]);
    // A third time is a new question.
    second.ask();
    await asked();
  });
});
