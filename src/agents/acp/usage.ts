import * as z from "zod";
import type { AgentEvent } from "../contract.js";

const tokens = () => z.int().min(0).nullish();
const told = z.looseObject({
  usage: z.looseObject({
    inputTokens: z.int().min(0),
    outputTokens: z.int().min(0),
    cachedReadTokens: tokens(),
    cachedWriteTokens: tokens(),
    thoughtTokens: tokens(),
  }),
});

/**
 * What an agent says with the end of a prompt that it took: `usage`, which the protocol has on trial ("token usage for this
 * turn"). It counts what came from a cache, and thoughts, beside the rest; here they are part of it. Its other report, the
 * update `usage_update`, tells how full the context is, and nothing of what was used.
 * @param model for people, and for prices
 * @returns undefined where it says nothing, or nothing that can be read
 */
export function usageOf(answer: unknown, model: string): AgentEvent | undefined {
  const parsed = told.safeParse(answer);
  if (!parsed.success) return undefined;
  const { inputTokens, outputTokens, cachedReadTokens, cachedWriteTokens, thoughtTokens } = parsed.data.usage;
  const cached = cachedReadTokens ?? 0;
  return {
    type: "usage",
    model,
    inputTokens: inputTokens + cached + (cachedWriteTokens ?? 0),
    outputTokens: outputTokens + (thoughtTokens ?? 0),
    cachedInputTokens: cached,
  };
}
