import type { Question } from "../store/index.js";
import { chosenIn, type Given } from "../turns/index.js";

/**
 * Whether what somebody writes or puts on a question is an answer to it at all; what is none goes to the agent (behaviour 18.2).
 * A number of one digit always is, so that a wrong one is told; whatever else is said to an agent's own question has to be one
 * of its choices, or words where it takes them.
 * @param isReply whether it is in reply to the question
 * @param isAlone whether nothing else is open there for whoever writes
 */
export function fitsQuestion(
  question: Question,
  given: Given,
  { isReply, isAlone }: { isReply: boolean; isAlone: boolean },
): boolean {
  const { kind, options, words } = question;
  if (typeof given !== "string") {
    if ("vote" in given) return true;
    if (given.number !== undefined) return given.number <= options.length;
    return kind !== "ask" || chosenIn(question, given) !== undefined;
  }
  const number = /^(\d{1,2})[.)]?$/.exec(given)?.[1];
  if (number !== undefined)
    return number.length === 1 || chosenIn(question, given) !== undefined || (isReply && words !== undefined);
  if (kind !== "ask") return isReply || isYesOrNo(given);
  if (chosenIn(question, given) !== undefined) return true;
  return isReply ? words !== undefined : words === "plain" && isAlone;
}

/** Whether words are the plain yes or no that every question for an owner takes. */
export function isYesOrNo(text: string): boolean {
  return /^(?:yes|no)[.)!]?$/i.test(text);
}
