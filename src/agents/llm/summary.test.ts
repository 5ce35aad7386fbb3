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
function bench(transcript = whole, within = limits) {
  const clock = new FakeClock();
  const turn = new AbortController();
  const events: AgentEvent[] = [];
  const asked: AbortSignal[] = [];
  const prompts: string[] = [];
  let answer = (_text: string) => {};
  const models = {
    budget: { charactersOf: async () => undefined },
    ask: ({ prompt }: { prompt: unknown }, signal: AbortSignal) =>
      new Promise((resolve, reject) => {
        asked.push(signal);
        prompts.push(JSON.stringify(prompt));
        signal.addEventListener("abort", () => reject(signal.reason));
        answer = (text) => resolve({ texts: [text], usage: {}, ref: "house/m" });
      }),
  } as unknown as Models;
  const emit = (event: AgentEvent) => events.push(event);
  const folded = fold(transcript, within, { models, clock, signal: turn.signal, emit });
  folded.catch(() => {});
  return { clock, turn, events, asked, prompts, folded, answer: (text: string) => answer(text) };
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

const resultOf = (value: string) => ({
  role: "tool" as const,
  content: [
    {
      ...{ type: "tool-result" as const, toolCallId: "1", toolName: "read" },
      output: { type: "text" as const, value },
    },
  ],
});

it("forgets no turn for long results of the newest", async () => {
  const turns = [...["1", "2", "3", "4"].map(turnOf), [...turnOf("5"), resultOf("x".repeat(3000))]];
  const { asked, folded } = bench({ turns }, { messages: 60, characters: 2000 });
  const kept = (await folded).turns;
  expect(kept.slice(0, 4)).toEqual(turns.slice(0, 4));
  expect(kept[4]!.slice(0, 1)).toEqual(turnOf("5"));
  expect(JSON.stringify(kept).length).toBeLessThanOrEqual(2000);
  expect(asked).toEqual([]);
});

it("has everything summarised that falls out, in one request", async () => {
  const long = (text: string) => turnOf(`${text} ${"x".repeat(400)}`);
  const turns = ["one", "two", "three", "four", "five", "six", "seven"].map(long);
  const { events, asked, prompts, folded, answer } = bench({ turns }, { messages: 60, characters: 1000 });
  await expect.poll(() => asked.length).toBe(1);
  answer("They counted.");
  expect(await folded).toEqual({ summary: "They counted.", turns: turns.slice(6) });
  for (const word of ["one", "two", "three", "four", "five", "six"])
    expect(prompts[0]).toContain(`${word} x`);
  expect(prompts[0]).not.toContain("seven");
  expect(events).toContainEqual({ type: "note", text: "6 older turns were summarised" });
});

it("ends with the turn", async () => {
  const { clock, turn, asked, folded } = bench();
  await expect.poll(() => asked.length).toBe(1);
  turn.abort(new Error("stopped"));
  await expect(folded).rejects.toThrow("stopped");
  expect(clock.waiting).toBe(0);
});
