import { type MessageRow, nameOfThing, readableText } from "../conversation/index.js";
import type { Policy } from "./policy.js";

/** What a person wrote: the text without what stands for something else in it, trimmed. */
export function writtenText(message: MessageRow): string {
  return readableText(message.text);
}

/**
 * Whether files came with the message. Their list is asked of imsg only where they are taken in; the stand-in in the
 * text always tells (protocol reference 4.2).
 */
export function carriesFiles(message: MessageRow): boolean {
  return message.attachments.length > 0 || message.text.includes("\ufffc");
}

/** Whether there is anything in the row beside files: words, a poll, an app's card. */
export function saysSomething(message: MessageRow): boolean {
  return writtenText(message) !== "" || message.poll !== undefined || nameOfThing(message) !== undefined;
}

/** Whether the row carries anything at all; group events and unsent messages do not (protocol reference 4.7). */
export function hasContent(message: MessageRow): boolean {
  return saysSomething(message) || carriesFiles(message) || !!message.tapback || !!message.change;
}

/**
 * Whether a row without content had one that could not be read: a text that imsg did not decode, or U+FFFD in the place of
 * a poll or a card that this build has no field for (protocol reference 4.7).
 */
export function isUnreadable(message: MessageRow): boolean {
  return message.undecoded === true || message.text.includes("\ufffd");
}

/**
 * Reads a command: a whole message that starts with `/` and a known name (behaviour 12). Other words after a slash are
 * ordinary text, since people write paths and fractions too.
 * @returns the name, in lower case
 */
export function commandIn(message: MessageRow, known: Policy["commands"]): string | undefined {
  const name = /^\/([a-z][a-z0-9_-]*)(?=\s|$)/i.exec(writtenText(message))?.[1]?.toLowerCase();
  return name !== undefined && known.get(name)?.typed ? name : undefined;
}
