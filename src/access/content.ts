import type { MessageRow } from "../conversation/index.js";
import type { Policy } from "./policy.js";

/** Stand-ins for attachments (U+FFFC) and for what a poll row has instead of text (U+FFFD). */
const placeholders = /[\ufffc\ufffd]/g;

/** What a person wrote: the text without stand-ins for attachments, trimmed. */
export function writtenText(message: MessageRow): string {
  return message.text.replace(placeholders, "").trim();
}

/**
 * Whether files came with the message. Their list is asked of imsg only where they are taken in; the stand-in in the
 * text always tells (protocol reference 4.2).
 */
export function carriesFiles(message: MessageRow): boolean {
  return message.attachments.length > 0 || message.text.includes("\ufffc");
}

/** Whether the row carries anything at all; group events and unsent messages do not (protocol reference 4.7). */
export function hasContent(message: MessageRow): boolean {
  return (
    writtenText(message) !== "" ||
    carriesFiles(message) ||
    message.tapback !== undefined ||
    message.poll !== undefined
  );
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
