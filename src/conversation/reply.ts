import { readableText } from "./readable-text.js";

/** The sender of what the account itself wrote, wherever an agent is told of it. */
export const ownSender = "me";

/**
 * The line that says what a message answers (behaviour 5.5).
 * @param shorten cuts the quoted text
 */
export function replyLine(
  { sender, text }: { sender?: string; text?: string },
  shorten: (text: string) => string = (whole) => whole,
): string {
  const whose = sender === undefined ? "" : ` ${sender === ownSender ? "your own message" : sender}`;
  const quoted = readableText(text ?? "");
  return `[Replying to${whose}${quoted === "" ? "" : `: "${shorten(quoted)}"`}]`;
}
