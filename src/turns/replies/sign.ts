import type { Config } from "../../config/index.js";
import { isBlank } from "../../outbound/index.js";
import type { NewOutboxItem, Turn } from "../../store/index.js";

/**
 * The line by which a turn of a direct chat says that it is at work (behaviour 6.3a).
 * @returns it, and after how many milliseconds without a word; undefined in groups, for what was scheduled, which nobody
 *   waits for, and where it is switched off
 */
export function signOf(
  { target, chatKey, envelope }: Pick<Turn, "target" | "chatKey" | "envelope">,
  words: Pick<Config["messages"], "progressReply" | "progressAfterSeconds">,
): { item: NewOutboxItem; afterMs: number } | undefined {
  const { progressReply: text, progressAfterSeconds } = words;
  if (envelope.chat.isGroup || envelope.scheduled) return undefined;
  if (progressAfterSeconds === 0 || isBlank(text)) return undefined;
  return { item: { target, chatKey, origin: "turn", text }, afterMs: progressAfterSeconds * 1000 };
}
