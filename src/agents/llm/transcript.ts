import type { LanguageModelV3Message } from "@ai-sdk/provider";
import * as z from "zod";
import { shortenResults } from "./shorter-results.js";

/** One turn as it is kept: the rendered messages, the model's steps, the results of its tools; no pictures. */
export type TranscriptTurn = LanguageModelV3Message[];

/** What a session remembers. Bounded by {@link bounded}. */
export interface Transcript {
  /** What fell out, in the model's own words. */
  summary?: string;
  turns: TranscriptTurn[];
}

/** How much of a session a model is given, and the store keeps. */
export interface TranscriptLimits {
  messages: number;
  characters: number;
}

const stored = z.object({
  llm: z.literal(1),
  summary: z.string().optional(),
  turns: z.array(
    z.array(z.looseObject({ role: z.enum(["user", "assistant", "tool"]), content: z.array(z.unknown()) })),
  ),
});

/** Reads what the session event stored; anything else (a new session, another runtime's) is an empty transcript. */
export function readTranscript(session: unknown): Transcript {
  const parsed = stored.safeParse(session);
  if (!parsed.success) return { turns: [] };
  const { summary, turns } = parsed.data;
  return { summary, turns: turns as unknown as TranscriptTurn[] };
}

/** The value of the session event. */
export function storeTranscript({ summary, turns }: Transcript): unknown {
  return { llm: 1, summary, turns };
}

/** What stands before the turn at hand: the same bytes from turn to turn until something falls out. */
export function promptOf({ summary, turns }: Transcript): LanguageModelV3Message[] {
  const earlier: LanguageModelV3Message[] =
    summary === undefined
      ? []
      : [
          {
            role: "user",
            content: [{ type: "text", text: `<summary of what came before>\n${summary}\n</summary>` }],
          },
        ];
  return [...earlier, ...turns.flat()];
}

/**
 * Splits off what has to fall out once a limit is passed: the older half of the turns at once, not one with each turn,
 * because every change at the front spoils the provider's cache.
 * @returns undefined when all fits
 */
export function oldestHalf(
  { turns }: Transcript,
  limits: TranscriptLimits,
): { old: TranscriptTurn[]; kept: TranscriptTurn[] } | undefined {
  const fits = turns.flat().length <= limits.messages && lengthOf(turns) <= limits.characters;
  if (fits || turns.length < 2) return undefined;
  return halves(turns);
}

/**
 * Brings a transcript under its limits without a model: older halves fall out, or the results of tools in the newest turn
 * are shortened, where that turn is the larger part by them.
 */
export function bounded({ summary, turns }: Transcript, limits: TranscriptLimits): Transcript {
  let kept = turns;
  for (;;) {
    const shorter = lengthOf(kept) > limits.characters ? withShorterResults(kept) : undefined;
    const less = shorter ?? oldestHalf({ turns: kept }, limits)?.kept;
    if (less === undefined) return { summary, turns: kept };
    kept = less;
  }
}

/** @returns undefined where the newest turn is not the larger part, or has no long result */
function withShorterResults(turns: TranscriptTurn[]): TranscriptTurn[] | undefined {
  const before = turns.slice(0, -1);
  const newest = [...(turns.at(-1) ?? [])];
  if (lengthOf([newest]) < lengthOf(before) || !shortenResults(newest)) return undefined;
  return [...before, newest];
}

/** UTF-16 code units, as they are stored. */
function lengthOf(turns: TranscriptTurn[]): number {
  return JSON.stringify(turns).length;
}

/** The older half of the turns, and the rest; of a single turn nothing is kept. */
export function halves(turns: TranscriptTurn[]): { old: TranscriptTurn[]; kept: TranscriptTurn[] } {
  const half = Math.ceil(turns.length / 2);
  return { old: turns.slice(0, half), kept: turns.slice(half) };
}
