import { cutText } from "../../conversation/index.js";

/** Longest text of one message where all together are too long, UTF-16 code units of its JSON: the newest may be of any length. */
const maxText = 1000;

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
  let kept: Message[] = [];
  const shown = () => {
    const left = messages.length - kept.length;
    return left === 0 ? kept : [{ leftOut: `${left} older ${left === 1 ? "message" : "messages"}` }, ...kept];
  };
  for (const message of messages.toReversed()) {
    const before = kept;
    kept = [{ ...message, text: shortened(message.text) }, ...kept];
    if (JSON.stringify(shown()).length <= room) continue;
    kept = before;
    break;
  }
  return shown();
}

/** Marks and line breaks are longer as JSON, some characters six times. */
function shortened(text: string): string {
  let cut = text;
  for (let most = maxText; JSON.stringify(cut).length > maxText; most /= 2)
    cut = cutText(text, Math.floor(most), "…[truncated]");
  return cut;
}
