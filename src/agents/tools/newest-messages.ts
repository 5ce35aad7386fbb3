import { cutText } from "../../conversation/index.js";

/** What the text of one message may take in any case, UTF-16 code units of its JSON: the newest may be of any length. */
const leastText = 1000;
/** What a message has beside its text, about. */
const besideText = 300;

/**
 * The newest of messages that are too long for a result: the oldest go first (behaviour 5.5a).
 * @param messages newest last
 * @param room most UTF-16 code units of the answer's JSON
 * @returns those that fit, newest last, behind an entry that tells how many older ones are left out
 */
export function newestMessages<Message extends { text: string }>(
  messages: readonly Message[],
  room: number,
): (Message | { leftOut: string })[] {
  const maxText = Math.max(leastText, Math.floor(room / messages.length) - besideText);
  let kept: Message[] = [];
  const shown = () => {
    const left = messages.length - kept.length;
    return left === 0 ? kept : [{ leftOut: `${left} older ${left === 1 ? "message" : "messages"}` }, ...kept];
  };
  for (const message of messages.toReversed()) {
    const before = kept;
    kept = [{ ...message, text: shortened(message.text, maxText) }, ...kept];
    if (JSON.stringify(shown()).length <= room) continue;
    kept = before;
    break;
  }
  return shown();
}

/** Quotes and line breaks are longer as JSON, some characters six times. */
function shortened(text: string, maxText: number): string {
  let cut = text;
  let most = maxText;
  for (let length = lengthOf(cut); length > maxText; length = lengthOf(cut)) {
    cut = cutText(text, most, "…[truncated]");
    most = Math.min(most - 1, Math.floor((most * maxText) / lengthOf(cut)));
  }
  return cut;
}

/** Of a text as JSON. */
function lengthOf(text: string): number {
  return JSON.stringify(text).length;
}
