import { expect, it } from "vitest";
import { storeWith } from "../../../test/support/store-with.js";
import { turnLabs } from "../../../test/support/turn-lab.js";
import { accountDefaults } from "../../config/index.js";
import type { Store, Turn } from "../../store/index.js";
import { OpenQuestions, type Outcome } from "./open-questions.js";
import { Votes, voteSettleMs } from "./votes.js";

const open = turnLabs();
const mia = "+15550100123";
const chat = { target: { kind: "chat_id" as const, chatId: 7 }, chatKey: "chat:7" };
const elsewhere = { target: { kind: "chat_id" as const, chatId: 9 }, chatKey: "chat:9" };
const options = ["A", "B"].map((name, index) => ({ id: String(index), name, kind: "choice" as const }));

/** A turn of the chat 7 that asks. @param over puts something between the votes and the store */
async function asking(over: (store: Store) => Store = (store) => store) {
  const lab = open();
  await lab.queue("turn", { session: "a" });
  const [claimed] = await lab.store.turns.claim("node", 1, lab.clock.now());
  const turn = claimed!.turn as Turn;
  const deps = { store: over(lab.store), clock: lab.clock, log: lab.log };
  const questions = new OpenQuestions(deps);
  const outcomes: Outcome[] = [];
  const at = lab.clock.now();
  await questions.put(
    turn,
    {
      ...{ kind: "ask", account: "default", turnId: turn.id, sessionKey: "a", title: "Which?", options },
      ...{ askedAt: at, expiresAt: at + 60_000, answerers: [mia], occasion: "x 0" },
    },
    { asked: () => [], expired: [], done: (outcome) => outcomes.push(outcome) },
  );
  const id = (await lab.store.questions.ofTurn("turn", "x 0"))!.id;
  const votes = new Votes({ ...deps, questions, rulesOf: () => accountDefaults });
  votes.start();
  const said = async () => (await lab.store.outbox.list({ limit: 9 })).map(({ text }) => text);
  return { lab, id, questions, votes, outcomes, said };
}

it("counts as it is a little after the first, and nothing is said where the agent goes on", async () => {
  const { lab, id, votes, outcomes, said } = await asking();
  expect(await votes.give(id, { option: "0", by: mia, chat })).toBe(true);
  await lab.clock.advance(voteSettleMs - 1);
  expect(outcomes).toEqual([]);
  expect(await votes.give(id, { option: "1", by: mia, chat })).toBe(true);
  await lab.clock.advance(1);
  await lab.until(() => outcomes.length === 1);
  expect(outcomes).toEqual([{ state: "answered", option: options[1], by: mia }]);
  await lab.until(async () => (await lab.store.questions.nextVote()) === undefined);
  expect(await said()).toEqual([]);
  expect(await votes.give(id, { option: "0", by: mia, chat })).toBe(false);
  await votes.stop();
});

it("is confirmed where it was given in another chat than the agent's", async () => {
  const { lab, id, votes, said } = await asking();
  await votes.give(id, { option: "0", by: mia, chat: elsewhere });
  await lab.clock.advance(voteSettleMs);
  await lab.until(async () => (await said()).length === 1);
  expect(await said()).toEqual(["A: noted."]);
  await votes.stop();
});

it("says nothing twice to who has answered otherwise meanwhile, and tells who was quicker", async () => {
  const { lab, id, questions, votes, said } = await asking();
  await votes.give(id, { option: "0", by: mia, chat: elsewhere });
  expect(await questions.answer(id, options[1], mia)).toBe(true);
  await lab.clock.advance(voteSettleMs);
  await lab.until(async () => (await lab.store.questions.nextVote()) === undefined);
  expect(await said()).toEqual([]);
  const other = await asking();
  await other.votes.give(other.id, { option: "0", by: mia, chat });
  await other.questions.answer(other.id, options[1], "+15550100999");
  await other.lab.clock.advance(voteSettleMs);
  await other.lab.until(async () => (await other.said()).length === 1);
  expect(await other.said()).toEqual(["That was answered already: B."]);
  await Promise.all([votes.stop(), other.votes.stop()]);
});

it("is confirmed once after a crash between the answer and what is said about it", async () => {
  let fails = true;
  const { lab, id, votes, outcomes, said } = await asking((store) =>
    storeWith(store, {
      questions: {
        voted: async (...given) => {
          if (fails) throw new Error("killed");
          return store.questions.voted(...given);
        },
      },
    }),
  );
  await votes.give(id, { option: "0", by: mia, chat: elsewhere });
  await lab.clock.advance(voteSettleMs);
  await lab.until(() => lab.lines.length === 1);
  expect(outcomes).toHaveLength(1);
  expect(await said()).toEqual([]);
  fails = false;
  await lab.clock.advance(1000);
  await lab.until(async () => (await said()).length === 1);
  expect(await said()).toEqual(["A: noted."]);
  expect(outcomes).toHaveLength(1);
  await votes.stop();
});

it("counts when the time is over before it settles", async () => {
  const { lab, id, votes, outcomes } = await asking();
  await lab.clock.advance(59_000);
  await votes.give(id, { option: "1", by: mia, chat });
  await lab.clock.advance(1000);
  await lab.until(() => outcomes.length === 1);
  expect(outcomes).toEqual([{ state: "answered", option: options[1], by: mia }]);
  await votes.stop();
});

it("is found by the next life where it fell due", async () => {
  const { lab, id, questions, votes, outcomes } = await asking();
  await votes.give(id, { option: "0", by: mia, chat });
  await votes.stop();
  await lab.clock.advance(60_000 - 1);
  expect(outcomes).toEqual([]);
  const next = new Votes({
    ...{ store: lab.store, clock: lab.clock, log: lab.log, questions },
    rulesOf: () => accountDefaults,
  });
  next.start();
  await lab.until(() => outcomes.length === 1);
  expect(outcomes).toMatchObject([{ state: "answered", option: options[0] }]);
  await next.stop();
});
