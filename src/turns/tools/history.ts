import type { HistoryEntry, HistoryTool } from "../../agents/index.js";
import type { Bridge } from "../../bridge/index.js";
import { type MessageRow, mayBeSameChat, normalizeHandle, shownText } from "../../conversation/index.js";
import type { Store, Turn } from "../../store/index.js";

/** How far back a search looks: about a year of a busy chat, read in one call. */
const searched = 2000;

/** The past of a turn's conversation: what Messages has, or what the journal kept while Messages cannot be read. */
export function historyOf(
  turn: Turn,
  bridge: () => Bridge | undefined,
  store: Pick<Store, "journal">,
): HistoryTool | undefined {
  const { account, envelope } = turn;
  const { chatId } = envelope.chat;
  if (chatId <= 0) return undefined;
  const isOfChat = ({ chat }: MessageRow) => mayBeSameChat(chat, envelope.chat);
  const rows = async (limit: number): Promise<MessageRow[]> => {
    try {
      const found = await bridge()?.history({ chatId, limit });
      if (found) return found.filter(isOfChat).toReversed();
    } catch {
      // The child is down or the database unreadable: the journal knows what came while it was not.
    }
    const kept = await store.journal.list({ account, chatId, own: true, limit });
    return kept
      .map(({ row }) => row)
      .filter(isOfChat)
      .toReversed();
  };
  return {
    recent: async (limit) => (await rows(limit)).filter(isText).map(entryOf),
    search: async (query, limit) => {
      const words = query.toLowerCase().split(/\s+/).filter(Boolean);
      const holds = (row: MessageRow) => {
        const text = shownText(row).toLowerCase();
        return words.every((word) => text.includes(word));
      };
      return (await rows(searched))
        .filter((row) => isText(row) && holds(row))
        .slice(-limit)
        .map(entryOf);
    },
  };
}

function isText(row: MessageRow): boolean {
  return row.tapback === undefined && shownText(row) !== "";
}

function entryOf(row: MessageRow): HistoryEntry {
  const { fromMe, senderName, sender, sentAt } = row;
  return {
    sender: fromMe ? "me" : (senderName ?? normalizeHandle(sender)),
    text: shownText(row),
    sentAt: new Date(sentAt).toISOString(),
  };
}
