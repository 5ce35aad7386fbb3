import type { Store, Turn } from "../../store/index.js";

/**
 * The message that an answer should hang on: in a group where others have written since, so that everybody sees what is
 * answered.
 * @returns its GUID; undefined where the answer stands right below it, and in direct chats
 */
export function threadOf(turn: Turn, store: Store): string | undefined {
  const { chat, messages } = turn.envelope;
  const last = messages.at(-1);
  if (!chat.isGroup || last?.sid === undefined || last.guid === "") return undefined;
  const since = store.journal.list({
    account: turn.account,
    chatId: chat.chatId,
    after: Number.parseInt(last.sid, 36),
    limit: 20,
  });
  return since.some(({ row }) => row.tapback === undefined && row.text !== "") ? last.guid : undefined;
}
