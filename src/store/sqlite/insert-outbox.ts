import type { NewOutboxItem } from "../outbox.js";
import { orNull } from "../rows/columns.js";
import { formOf, initiativeOf } from "../rows/item.js";
import type { Base } from "./statements.js";

/**
 * Commits one item; inside a transaction of the caller.
 * @param source.turnId the turn that it is a reply of, with its place among the turn's replies
 * @param source.entryId the row of the journal that it answers without a turn
 */
export function insertOutbox(
  base: Base,
  account: string,
  item: NewOutboxItem,
  at: number,
  { turnId, ordinal = 0, entryId }: { turnId?: string; ordinal?: number; entryId?: number } = {},
): number {
  return Number(
    base
      .sql(
        `INSERT OR IGNORE INTO outbox (account, chat_key, origin, turn_id, ordinal, target, text, file, reply_to, form, urgent, entry_id, draft, initiative, state, created_at, due_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        account,
        item.chatKey,
        item.origin,
        orNull(turnId),
        ordinal,
        JSON.stringify(item.target),
        orNull(item.text),
        orNull(item.file),
        orNull(item.replyTo),
        formOf(item),
        item.urgent ? 1 : 0,
        orNull(entryId),
        orNull(item.draft),
        orNull(initiativeOf(item)),
        item.draft === undefined ? "pending" : "held",
        at,
        at,
      ).lastInsertRowid,
  );
}
