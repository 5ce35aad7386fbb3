import type { ChatOrHandle } from "../journal.js";
import { nobodys } from "../rows/entry.js";
import type { Base } from "./statements.js";

/** Whether somebody wrote in a chat, or a person in a direct one; see `Journal.heardFrom`. */
export function wasHeardFrom(
  { sql }: Base,
  account: string,
  { chatId = 0, handle = "" }: ChatOrHandle,
  since: number,
): boolean {
  const wrote = `SELECT 1 FROM journal WHERE account = ? AND own = 0 AND received_at > ? AND coalesce(reason, '') NOT IN (${nobodys})`;
  return (
    sql(`${wrote} AND is_group = 0 AND sender = ? LIMIT 1`).get(account, since, handle) !== undefined ||
    (chatId > 0 &&
      sql(`${wrote} AND chat_id = ? ORDER BY id DESC LIMIT 1`).get(account, since, chatId) !== undefined)
  );
}

/** Who writes in a direct chat; see `Journal.directSender`. */
export function directSenderOf({ sql }: Base, account: string, chatId: number): string | undefined {
  const row = sql(
    `SELECT sender, is_group, json_extract(decision_json, '$.treatedAs') AS treated_as FROM journal
     WHERE account = ? AND chat_id = ? AND own = 0 AND decision IS NOT NULL AND coalesce(reason, '') NOT IN (${nobodys}) AND sender <> ''
     ORDER BY sent_at DESC LIMIT 1`,
  ).get(account, chatId);
  return row?.is_group === 0 && row.treated_as === "direct" ? String(row.sender) : undefined;
}
