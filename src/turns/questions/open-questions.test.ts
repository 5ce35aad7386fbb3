import { expect, it } from "vitest";
import type { FakeClock } from "../../../test/support/fake-clock.js";
import { SharedStore } from "../../../test/support/shared-store.js";
import { storeWith } from "../../../test/support/store-with.js";
import { turnLabs } from "../../../test/support/turn-lab.js";
import type { Question, QuestionStore } from "../../store/index.js";
import { OpenQuestions, type Outcome } from "./open-questions.js";

const open = turnLabs();
const mia = "+15550100123";
const option = { id: "1", name: "A", kind: "choice" as const };

/**
 * A turn that asks, with a minute for the answer.
 * @param end called in the place of the store's
 * @param ask likewise
 */
async function asking(
  end: (own: QuestionStore["end"]) => QuestionStore["end"],
  ask: (own: QuestionStore["ask"], clock: FakeClock) => QuestionStore["ask"] = (own) => own,
  waitMs = 60_000,
) {
  const lab = open();
  await lab.queue("turn", { session: "a" });
  const [claimed] = await lab.store.turns.claim("node", 1, lab.clock.now());
  const { turn } = claimed!;
  const own = lab.store.questions.end.bind(lab.store.questions);
  const keep = lab.store.questions.ask.bind(lab.store.questions);
  const store = storeWith(lab.store, { questions: { end: end(own), ask: ask(keep, lab.clock) } });
  const questions = new OpenQuestions({ store, clock: lab.clock, log: lab.log });
  const outcomes: Outcome[] = [];
  const at = lab.clock.now();
  await questions.put(
    turn,
    {
      ...{ kind: "ask", account: "default", turnId: turn.id, sessionKey: "a", title: "Which?" },
      ...{ options: [option], askedAt: at, expiresAt: at + waitMs, answerers: [mia], occasion: "x 0" },
    },
    { asked: () => [], expired: [], done: (outcome) => outcomes.push(outcome) },
  );
  const kept = async () => (await lab.store.questions.ofTurn("turn", "x 0"))!;
  return { lab, questions, outcomes, kept };
}

it("gives an answer that is being kept while the time runs out, and no other", async () => {
  let keep = () => {};
  const { lab, questions, outcomes, kept } = await asking((own) => async (id, state, ...more) => {
    const isFirst = await own(id, state, ...more);
    if (state === "answered")
      await new Promise<void>((resolve) => {
        keep = resolve;
      });
    return isFirst;
  });
  const answering = questions.answer((await kept()).id, option, mia);
  await lab.until(async () => (await kept()).state === "answered");
  await lab.clock.advance(60_000);
  keep();
  expect(await answering).toBe(true);
  expect(outcomes).toEqual([{ state: "answered", option, by: mia }]);
});

it("tells that nobody answered when that is kept", async () => {
  let fails = 2;
  const { lab, outcomes, kept } = await asking((own) => async (...given) => {
    if (fails-- > 0) throw new Error("the disk is full");
    return own(...given);
  });
  await lab.clock.advance(60_000);
  await lab.until(() => lab.lines.length === 1);
  expect(outcomes).toEqual([]);
  expect((await kept()).state).toBe("open");
  await lab.clock.advance(1000);
  await lab.until(() => lab.lines.length === 2);
  await lab.clock.advance(1000);
  await lab.until(() => outcomes.length === 1);
  expect(outcomes).toEqual([{ state: "expired" }]);
  expect((await kept()).state).toBe("expired");
});

it("ends a question also that was kept after its time was over", async () => {
  const { lab, outcomes, kept } = await asking(
    (own) => own,
    (own, clock) =>
      async (...given) => {
        // The disk has no room for as long as anybody could have answered.
        await clock.advance(61_000);
        return own(...given);
      },
  );
  expect(outcomes).toEqual([]);
  await lab.clock.advance(1000);
  await lab.until(() => outcomes.length === 1);
  expect(outcomes).toEqual([{ state: "expired" }]);
  expect((await kept()).state).toBe("expired");
});

it("hears of an answer that another process kept, once, and of an end", async () => {
  const { lab, questions, outcomes, kept } = await asking((own) => own);
  await questions.look();
  expect(outcomes).toEqual([]);
  const { id } = await kept();
  await lab.store.questions.end(id, "answered", lab.clock.now(), { choice: "A", by: mia });
  await questions.look();
  await questions.look();
  expect(outcomes).toEqual([{ state: "answered", option, by: mia }]);
  const over = await asking((own) => own);
  await over.lab.store.questions.end((await over.kept()).id, "closed", over.lab.clock.now());
  await over.questions.look();
  expect(over.outcomes).toEqual([{ state: "over" }]);
});

it("takes a denial elsewhere for one, and knows that a turn elsewhere waits for an answer", async () => {
  const lab = open();
  await lab.queue("turn", { session: "a" });
  const [claimed] = await lab.store.turns.claim("node", 1, lab.clock.now());
  const shared = new SharedStore(lab.store).store;
  const here = new OpenQuestions({ store: shared, clock: lab.clock, log: lab.log });
  const elsewhere = new OpenQuestions({ store: shared, clock: lab.clock, log: lab.log });
  const alone = new OpenQuestions({ store: lab.store, clock: lab.clock, log: lab.log });
  const outcomes: Outcome[] = [];
  const at = lab.clock.now();
  const ask = async () => {
    let id = "";
    const allow = { id: "1", name: "Allow", kind: "allow_once" as const };
    const draft = {
      ...{ kind: "permission" as const, account: "default", turnId: "turn", sessionKey: "a", title: "Run" },
      ...{ options: [allow], askedAt: at, expiresAt: at + 60_000 },
    };
    const asked = (question: Question) => {
      id = question.id;
      return [];
    };
    await here.put(claimed!.turn, draft, { asked, expired: [], done: (outcome) => outcomes.push(outcome) });
    return id;
  };
  expect(await elsewhere.answer(await ask(), undefined, mia)).toBe(true);
  await here.look();
  expect(outcomes).toEqual([{ state: "answered", option: undefined, by: mia }]);
  expect(await alone.answer(await ask(), undefined, mia)).toBe(false);
  const last = await ask();
  await lab.store.turns.end(claimed!.claim, { outcome: "done", replies: [] }, at, false);
  expect(await elsewhere.answer(last, undefined, mia)).toBe(false);
});

it("ends a question whose time was over while timers stood still, and lets what was said meanwhile be read first", async () => {
  const { lab, outcomes, kept } = await asking(
    (own) => own,
    (own) => own,
    3600_000,
  );
  lab.clock.leap(3600_000);
  await lab.clock.advance(60_000);
  expect((await kept()).state).toBe("open");
  await lab.clock.advance(10_000);
  await lab.until(() => outcomes.length === 1);
  expect((await kept()).state).toBe("expired");
});
