import { cardName } from "./balloon.js";
import { cutText } from "./cut.js";
import type { MessageRow } from "./message.js";
import { readableText } from "./readable-text.js";

/** Most of a poll's question, and of each option, UTF-16 code units; and most options that are named. */
const longestQuestion = 500;
const mostOptions = 20;

/**
 * What is read of a row by whoever is told of it: its words, and a name for what has no words (behaviour 5.5). Files are
 * not named here: they are listed beside the text.
 */
export function shownText(row: Pick<MessageRow, "text" | "attachments" | "balloon" | "poll">): string {
  const words = readableText(row.text);
  const thing = nameOfThing(row);
  if (thing !== undefined) return words === "" ? thing : `${words}\n${thing}`;
  // The mark of a file that Messages has no record of (yet).
  return words === "" && row.attachments.length === 0 && row.text.includes("\ufffc")
    ? "[A file that cannot be read here]"
    : words;
}

/** A poll or an app's card, in brackets; undefined for a row that is only words and files. */
export function nameOfThing({ poll, balloon }: Pick<MessageRow, "balloon" | "poll">): string | undefined {
  if (poll && poll.kind !== "vote") return pollText(poll);
  const card = cardName(balloon);
  return card && `[${card}; what it shows cannot be read here]`;
}

/** The question and the options, as far as imsg could read them (protocol reference 4.5). */
function pollText({ question, options }: Record<string, unknown>): string {
  const texts = (Array.isArray(options) ? options : []).flatMap((option: unknown) => {
    const text = (option as { text?: unknown } | null)?.text;
    return typeof text === "string" ? [quoted(text)] : [];
  });
  const asked = typeof question === "string" && question !== "" ? ` ${quoted(question)}` : "";
  const shown = texts.slice(0, mostOptions).join(", ");
  const more = texts.length > mostOptions ? ` and ${texts.length - mostOptions} more` : "";
  return `[Poll${asked}${shown === "" ? "" : ` with the options ${shown}${more}`}]`;
}

function quoted(text: string): string {
  return `"${cutText(readableText(text), longestQuestion)}"`;
}
