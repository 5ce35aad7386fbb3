import { modelErrors } from "../../platform/error-codes/index.js";
import { TapbackError } from "../../platform/index.js";
import { readAnswer } from "../answer/read-answer.js";
import { silence } from "../answer/silence.js";
import type { ModelAnswer } from "./models.js";

const word = new RegExp(silence.replace("_", "\\\\?_"), "i");

/** Whether nothing in the texts is meant for people: no words, or only thoughts and tool frames. Meant silence is something. */
export function saysNothing(texts: string[]): boolean {
  return texts.every((text) => {
    const { text: words, media } = readAnswer(text, new Set());
    return words === "" && media.length === 0 && !word.test(text);
  });
}

/**
 * The failure of a model that was asked once more and still said nothing (behaviour 6.2).
 * @returns MODEL_OUTPUT where its output was used up, AGENT_REFUSED where a filter stopped it, else MODEL_EMPTY
 */
export function emptyAnswer({ ref, stopped }: Pick<ModelAnswer, "ref" | "stopped">): TapbackError {
  if (stopped === "length")
    return new TapbackError("MODEL_OUTPUT", `${ref} used up its output before it said anything`, {
      hint: "Raise the runtime's maxOutputTokens, or name a model that thinks less.",
    });
  if (stopped === "content-filter")
    return new TapbackError("AGENT_REFUSED", `${ref} refused to answer`, {
      hint: "Put the message in other words, or begin afresh with /new.",
    });
  return new TapbackError("MODEL_EMPTY", `${ref} gave no answer`, { hint: modelErrors.MODEL_EMPTY.remedy });
}
