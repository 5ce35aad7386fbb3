import type { NewOutboxItem } from "../outbox.js";
import { orNull } from "../rows/columns.js";
import { formOf, initiativeOf } from "../rows/item.js";
import type { Tx } from "./statements.js";
import { json, jsonText } from "./words.js";

/**
 * Commits one item; inside a transaction of the caller. A place among a turn's replies that is taken stays as it is.
 * @param source.turnId the turn that it is a reply of, with its place among the turn's replies
 * @param source.entryId the row of the journal that it answers without a turn
 */
export async function insertOutbox(
  { sql }: Tx,
  account: string,
  item: NewOutboxItem,
  at: number,
  { turnId, ordinal = 0, entryId }: { turnId?: string; ordinal?: number; entryId?: number } = {},
): Promise<number> {
  const row = await sql(
    `INSERT INTO outbox (account, chat_key, origin, turn_id, ordinal, target, text, file, reply_to, form, urgent, entry_id, draft, initiative, state, created_at, due_at)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?16) ON CONFLICT DO NOTHING RETURNING id`,
  ).get(
    account,
    item.chatKey,
    item.origin,
    orNull(turnId),
    ordinal,
    json(item.target),
    orNull(item.text),
    orNull(item.file),
    orNull(item.replyTo),
    jsonText(formOf(item)),
    item.urgent ? 1 : 0,
    orNull(entryId),
    orNull(item.draft),
    orNull(initiativeOf(item)),
    item.draft === undefined ? "pending" : "held",
    at,
  );
  return Number(row?.id);
}

/** As {@link insertOutbox}, one after the other. */
export async function insertAll(
  tx: Tx,
  account: string,
  items: readonly NewOutboxItem[],
  at: number,
  source: { entryId?: number } = {},
): Promise<number[]> {
  const ids: number[] = [];
  for (const item of items) ids.push(await insertOutbox(tx, account, item, at, source));
  return ids;
}
