import type { LanguageModelV3Message } from "@ai-sdk/provider";
import { cutText } from "../../conversation/index.js";

/** What is left of a result in any case, UTF-16 code units. */
const least = 300;
const mark = "…[shortened]";

/**
 * Halves the results of tools in the steps of a turn, for a model that takes no more.
 * @param said changed in place: what is stored of the turn is what the model saw
 * @returns false when none is long
 */
export function shortenResults(said: LanguageModelV3Message[]): boolean {
  let isShorter = false;
  for (const [index, message] of said.entries()) {
    if (message.role !== "tool") continue;
    const content = message.content.map((part) => {
      if (part.type !== "tool-result" || !("value" in part.output)) return part;
      const { value } = part.output;
      if (typeof value !== "string" || value.length <= least + mark.length) return part;
      isShorter = true;
      const output = {
        ...part.output,
        value: cutText(value, Math.max(least, Math.floor(value.length / 2)), mark),
      };
      return { ...part, output } as typeof part;
    });
    said[index] = { ...message, content };
  }
  return isShorter;
}
