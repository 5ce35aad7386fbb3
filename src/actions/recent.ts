import { normalizeHandle, shownText, sidOf } from "../conversation/index.js";
import { err, ok, type Result, TapbackError } from "../platform/index.js";
import type { ActionContext } from "./context.js";

/**
 * The newest messages of a conversation, oldest first, each with the ids that other actions take. The chat is marked
 * read where the Mac can.
 * @returns them, or `CHAT_NOT_FOUND`, or the bridge's error
 */
export async function recentMessages(
  { bridge, store, account, where }: ActionContext,
  limit: number,
): Promise<Result<Record<string, unknown>, TapbackError>> {
  const { chat } = where;
  if (chat === undefined || chat.id === 0)
    return err(new TapbackError("CHAT_NOT_FOUND", "there is no conversation with this person yet"));
  try {
    const rows = await bridge.history({ chatId: chat.id, limit });
    void bridge.actions.read(chat);
    const guids = rows.flatMap(({ guid }) => guid || []);
    const entries = await store.journal.findByGuids(guids, account);
    const messages = rows.reverse().map((row) => {
      const entry = entries.get(row.guid);
      return {
        ...(entry && { MessageSid: sidOf(entry.id) }),
        MessageSidFull: row.guid,
        sender: row.fromMe ? "me" : normalizeHandle(row.sender),
        text: shownText(row),
        sentAt: new Date(row.sentAt).toISOString(),
      };
    });
    return ok({ messages });
  } catch (error) {
    if (error instanceof TapbackError) return err(error);
    throw error;
  }
}
