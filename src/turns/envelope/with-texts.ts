import type { Envelope, EnvelopeMessage } from "../../conversation/index.js";
import type { JournalEntry } from "../../store/index.js";
import { renderMessages } from "./envelope.js";

/**
 * The envelope with messages whose texts changed, and its own text to match.
 * @param messages those of the envelope, in their order
 * @param entries the rows behind them; others are passed over
 */
export function withTexts(
  envelope: Envelope,
  messages: EnvelopeMessage[],
  entries: readonly JournalEntry[],
): Envelope {
  if (messages.every(({ text, replyTo }, index) => isSame({ text, replyTo }, envelope.messages[index])))
    return { ...envelope, messages };
  const shown = messages.flatMap(({ guid, rowId, text, replyTo }) => {
    const entry = entries.find(({ row }) => row.guid === guid && row.rowId === rowId);
    // What is named in brackets stands in the text already.
    const { poll: _, balloon: __, ...row } = entry?.row ?? {};
    return entry ? [{ ...entry, row: { ...(row as typeof entry.row), text, replyTo } }] : [];
  });
  const whole = shown.length === messages.length;
  const text = whole ? renderMessages(shown, false).text : messages.map((each) => each.text).join("\n");
  return { ...envelope, messages, text };
}

type Told = Pick<EnvelopeMessage, "text" | "replyTo">;

function isSame(now: Told, before: Told | undefined): boolean {
  return now.text === before?.text && now.replyTo?.text === before?.replyTo?.text;
}
