import { formatTarget, normalizeHandle } from "../conversation/index.js";
import type { JournalEntry } from "../store/index.js";

/** One row of Messages as programs see it (behaviour 17.6). */
export interface InboxRow {
  id: number;
  guid: string;
  rowId: number;
  account: string;
  chat: string;
  sender: string;
  receivedAt: string;
  state: string;
  decision: string | null;
  reason: string | null;
  remedy: string | null;
  turnId: string | null;
}

/** @returns a journal entry in the fixed shape of behaviour 17.6 */
export function inboxRow(entry: JournalEntry): InboxRow {
  const { decision, row } = entry;
  const refusal = decision && "reason" in decision ? decision : undefined;
  return {
    id: entry.id,
    guid: row.guid,
    rowId: row.rowId,
    account: entry.account,
    chat: formatTarget({ kind: "chat_id", chatId: row.chat.id }),
    sender: normalizeHandle(row.sender),
    receivedAt: new Date(entry.receivedAt).toISOString(),
    state: entry.state,
    decision: decision?.kind ?? null,
    reason: refusal?.reason ?? null,
    remedy: refusal?.remedy ?? null,
    turnId: entry.turnId ?? null,
  };
}
