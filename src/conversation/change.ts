import type { MessageRow } from "./message.js";
import { readableText } from "./readable-text.js";
import { nameOfThing } from "./shown-text.js";

/**
 * What became of a message between two looks at its row (behaviour 9.7): other words, or nothing left (protocol reference
 * 4.7). What says less than it could is no change: words that a recording got later, a link that a preview added, a text
 * that was not decoded.
 * @returns undefined where it is the same message still
 */
export function changeBetween(before: MessageRow, now: MessageRow): "edited" | "unsent" | undefined {
  if (before.undecoded || now.undecoded) return undefined;
  const [was, is] = [readableText(before.text), readableText(now.text)];
  const isEmpty =
    is === "" && now.attachments.length === 0 && !now.text.includes("\ufffc") && !nameOfThing(now);
  if (isEmpty) return was !== "" || before.text.includes("\ufffc") ? "unsent" : undefined;
  if (was === "" || is === "" || was === is) return undefined;
  const isFolded = (before.preview === undefined) !== (now.preview === undefined);
  return isFolded && withoutLinks(was) === withoutLinks(is) ? undefined : "edited";
}

function withoutLinks(text: string): string {
  return text
    .split(/\s+/)
    .filter((word) => !/^https?:\/\//i.test(word))
    .join(" ");
}
