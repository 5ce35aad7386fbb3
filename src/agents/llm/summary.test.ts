import { expect, it } from "vitest";
import { FakeClock } from "../../../test/support/fake-clock.js";
import type { AgentEvent } from "../contract.js";
import type { Models } from "./models.js";
import { fold } from "./summary.js";
import type { Transcript } from "./transcript.js";

const turnOf = (text: string) => [{ role: "user" as const, content: [{ type: "text" as const, text }] }];
const limits = { messages: 3, characters: 100_000 };
const whole: Transcript = { summary: "Mia likes tea.", turns: ["1", "2", "3", "4"].map(turnOf) };

/** Folds, with a model that answers when it is told to, or never. */
function bench() {
  const clock = new FakeClock();
  const turn = new AbortController();
  const events: AgentEvent[] = [];
  const asked: AbortSignal[] = [];
  let answer = (_text: string) => {};
  const models = {
    budget: { charactersOf: async () => undefined },
    ask: (_: unknown, signal: AbortSignal) =>
      new Promise((resolve, reject) => {
        asked.push(signal);
        signal.addEventListener("abort", () => reject(signal.reason));
        answer = (text) => resolve({ texts: [text], usage: {}, ref: "house/m" });
      }),
  } as unknown as Models;
  const emit = (event: AgentEvent) => events.push(event);
  const folded = fold(whole, limits, { models, clock, signal: turn.signal, emit });
  folded.catch(() => {});
  return { clock, turn, events, asked, folded, answer: (text: string) => answer(text) };
}

it("keeps what the model makes of what falls out", async () => {
  const { clock, asked, folded, answer } = bench();
  await expect.poll(() => asked.length).toBe(1);
  answer("Mia likes tea and wrote twice.");
  expect(await folded).toEqual({
    summary: "Mia likes tea and wrote twice.",
    turns: whole.turns.slice(2),
  });
  expect(clock.waiting).toBe(0);
});

it.each(["", " \n", "<think>They spoke of tea, so", "<think>Hm.</think>", "NO_REPLY"])(
  "keeps the summary so far where the model says nothing: %j",
  async (said) => {
    const { events, asked, folded, answer } = bench();
    await expect.poll(() => asked.length).toBe(1);
    answer(said);
    expect(await folded).toEqual({ summary: "Mia likes tea.", turns: whole.turns.slice(2) });
    expect(events.filter(({ type }) => type === "note")).toEqual([
      { type: "note", text: "2 older turns fell out without a summary: house/m gave no answer" },
    ]);
  },
);

it("keeps nothing of what the model thought", async () => {
  const { asked, folded, answer } = bench();
  await expect.poll(() => asked.length).toBe(1);
  answer("<think>Tea, so what?</think>\nMia likes tea and wrote twice.");
  expect((await folded).summary).toBe("Mia likes tea and wrote twice.");
});

it("holds an answer up for a minute at most, and lets it fall out without a summary then", async () => {
  const { clock, events, asked, folded } = bench();
  await expect.poll(() => asked.length).toBe(1);
  await clock.advance(59_000);
  expect(asked[0]!.aborted).toBe(false);
  await clock.advance(1000);
  expect(await folded).toEqual({ summary: "Mia likes tea.", turns: whole.turns.slice(2) });
  expect(events).toEqual([
    { type: "note", text: "2 older turns fell out without a summary: no summary came within 60 s" },
  ]);
});

it("ends with the turn", async () => {
  const { clock, turn, asked, folded } = bench();
  await expect.poll(() => asked.length).toBe(1);
  turn.abort(new Error("stopped"));
  await expect(folded).rejects.toThrow("stopped");
  expect(clock.waiting).toBe(0);
});
