import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { oldestHalf, promptOf, readTranscript, storeTranscript, type Transcript } from "./transcript.js";

const turnOf = (text: string) => [
  { role: "user" as const, content: [{ type: "text" as const, text }] },
  { role: "assistant" as const, content: [{ type: "text" as const, text: "ok" }] },
];

describe("transcript", () => {
  it("survives the store", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string(), { maxLength: 20 }),
        fc.option(fc.string(), { nil: undefined }),
        (texts, summary) => {
          const transcript: Transcript = {
            ...(summary === undefined ? {} : { summary }),
            turns: texts.map(turnOf),
          };
          expect(readTranscript(JSON.parse(JSON.stringify(storeTranscript(transcript))))).toEqual(transcript);
        },
      ),
    );
  });

  it("starts afresh on anything else", () => {
    for (const session of [
      undefined,
      null,
      1,
      "x",
      [],
      { acp: 1, sessionId: "s" },
      { llm: 2, turns: [] },
      { llm: 1 },
    ])
      expect(readTranscript(session)).toEqual({ turns: [] });
  });

  it("loses no turn when it is split, and splits only beyond the limits", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string(), { maxLength: 30 }),
        fc.integer({ min: 1, max: 40 }),
        (texts, messages) => {
          const turns = texts.map(turnOf);
          const split = oldestHalf({ turns }, { messages, characters: 1e6 });
          expect(split !== undefined).toBe(turns.length * 2 > messages && turns.length > 1);
          if (split) {
            expect([...split.old, ...split.kept]).toEqual(turns);
            expect(split.kept.length).toBeLessThan(turns.length);
            expect(split.kept.length).toBeGreaterThan(0);
          }
        },
      ),
    );
  });

  it("puts the summary before the turns", () => {
    const [first, ...rest] = promptOf({ summary: "Mia likes tea.", turns: [turnOf("hi")] });
    expect(JSON.stringify(first)).toMatch(/Mia likes tea/);
    expect(rest).toEqual(turnOf("hi"));
  });
});
