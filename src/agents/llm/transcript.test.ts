import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bounded,
  oldestHalf,
  promptOf,
  readTranscript,
  storeTranscript,
  type Transcript,
} from "./transcript.js";

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

  it("keeps the newest turns that fit, however much one of them holds", () => {
    const turns = ["a", "b".repeat(3000), "c", "d"].map(turnOf);
    const limits = { messages: 60, characters: 2000 };
    expect(bounded({ summary: "s", turns }, limits)).toEqual({ summary: "s", turns: turns.slice(2) });
    expect(bounded({ turns }, { messages: 4, characters: 1e6 }).turns).toEqual(turns.slice(2));
    expect(bounded({ turns }, { messages: 60, characters: 1e6 }).turns).toEqual(turns);
    // The newest alone is too long: by its tools.
    const result = (value: string) => ({
      role: "tool" as const,
      content: [
        {
          ...{ type: "tool-result" as const, toolCallId: "1", toolName: "look" },
          output: { type: "text" as const, value },
        },
      ],
    });
    const long = [...turnOf("look"), result("x".repeat(20_000)), result("short")];
    const [before, kept, ...more] = bounded({ turns: [...turns, long] }, limits).turns;
    expect(before).toEqual(turnOf("d"));
    expect(more).toEqual([]);
    expect(JSON.stringify([before, kept]).length).toBeLessThanOrEqual(2000);
    expect(JSON.stringify(kept)).toContain("…[shortened]");
    expect(kept!.at(-1)).toEqual(result("short"));
    expect(kept!.slice(0, 2)).toEqual(turnOf("look"));
    expect(long[2]).toEqual(result("x".repeat(20_000)));
    // Of many turns none goes for the results of the newest, and its results stay where the past is the larger part.
    const many = Array.from({ length: 8 }, (_, index) => turnOf(`${index}`));
    const short = [...turnOf("look"), result("x".repeat(2000))];
    const characters = JSON.stringify([...many, short]).length - 1;
    expect(bounded({ turns: [...many, short] }, { messages: 60, characters }).turns).toEqual([
      ...many,
      [...turnOf("look"), result(expect.stringMatching(/^x+…\[shortened\]$/))],
    ]);
    const manyMore = [...many, ...many, ...many];
    const all = JSON.stringify([...manyMore, short]).length - 1;
    const [newest] = bounded({ turns: [...manyMore, short] }, { messages: 60, characters: all }).turns.slice(
      -1,
    );
    expect(newest).toEqual(short);
  });
});
