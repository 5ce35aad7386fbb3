import * as z from "zod";
import { TapbackError } from "../../platform/index.js";
import { maxAskSeconds } from "../ask-limits.js";
import { defineTool, type Tool } from "./tool.js";

/** How long a question waits that does not say so, seconds: as long as a permission request. */
const usualSeconds = 300;
const minSeconds = 5;
/** Longest texts, UTF-16 code units: they are read on a phone, and a choice is a line of a poll. */
const maxQuestion = 2000;
const maxOption = 100;

const schema = z.object({
  question: z.string(),
  options: z.array(z.string()),
  who: z.enum(["chat", "owner"]).optional(),
  timeoutSeconds: z.number().optional(),
  other: z.boolean().optional(),
});

const description =
  "Ask who wrote here (who: owner: an owner) to choose from 2 to 12 options, and wait. Gives {choice, number, by}, with other: true " +
  "also {words, by}, or {expired: true} after timeoutSeconds (300). Only for what you need to go on.";

/** Puts a question with choices to the chat of the turn or to an owner, and gives back what was chosen (behaviour 18.2). */
export function askTool(): Tool {
  return defineTool("ask", description, schema, async (input, { ask }) => {
    const question = input.question.trim();
    const options = input.options.map((option) => option.trim());
    check(question, options);
    const { who = "chat", timeoutSeconds: seconds = usualSeconds, other = false } = input;
    const timeoutSeconds = Math.min(maxAskSeconds, Math.max(minSeconds, seconds));
    return ask.ask({ question, options, who, timeoutSeconds, other });
  });
}

/** @throws `ACTION_PARAMETERS` */
function check(question: string, options: readonly string[]): void {
  const fault = faultOf(question, options);
  if (fault) throw new TapbackError("ACTION_PARAMETERS", fault);
}

function faultOf(question: string, options: readonly string[]): string | undefined {
  if (question === "" || question.length > maxQuestion)
    return `"question" must have 1 to ${maxQuestion} characters`;
  if (options.length < 2 || options.length > 12) return `"options" must be 2 to 12, not ${options.length}`;
  if (options.some((option) => option === "" || option.length > maxOption || option.includes("\n")))
    return `each of "options" must be a line of 1 to ${maxOption} characters`;
  // A vote tells its choice by its words.
  if (new Set(options.map((option) => option.toLowerCase())).size < options.length)
    return `each of "options" must be another one`;
  if (
    options.some(
      (option) =>
        /^\d+$/.test(option) && Number(option) <= options.length && options[Number(option) - 1] !== option,
    )
  )
    return `an option that is a number would be taken for the place of another one: write it with a word`;
  return undefined;
}
