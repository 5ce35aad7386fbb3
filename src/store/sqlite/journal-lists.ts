import type { SqlValue } from "../../platform/index.js";
import type { JournalEntry, JournalFilter } from "../journal.js";
import { toEntry } from "./entries.js";
import type { Base } from "./statements.js";

/** As the contract's `list`. */
export function listEntries({ sql }: Base, filter: JournalFilter): JournalEntry[] {
  const conditions: [string, SqlValue | undefined][] = [
    // Without a chat the newest rows stand at the table's end; no index of an account has them in that order.
    [filter.chatId === undefined ? "+account = ?" : "account = ?", filter.account],
    ["chat_id = ?", filter.chatId],
    ["lower(json_extract(body, '$.chat.identifier')) = lower(?)", filter.chatIdentifier],
    ["decision = ?", filter.decision],
    ["state = ?", filter.state],
    ["own = ?", filter.own ? undefined : 0],
    ["reason = ?", filter.reason],
    ["id < ?", filter.before],
    ["id > ?", filter.after],
  ];
  const used = conditions.filter(([, value]) => value !== undefined) as [string, SqlValue][];
  const where = used.length > 0 ? `WHERE ${used.map(([text]) => text).join(" AND ")}` : "";
  return sql(`SELECT * FROM journal ${where} ORDER BY id ${filter.oldestFirst ? "ASC" : "DESC"} LIMIT ?`)
    .all(...used.map(([, value]) => value), filter.limit)
    .map(toEntry);
}

/** As the contract's `chats`: from chat to chat through the index, for a history of a million rows has some hundred chats. */
export function newestOfChats({ sql }: Base, account?: string): JournalEntry[] {
  const accounts =
    account === undefined
      ? sql("SELECT id FROM account")
          .all()
          .map(({ id }) => id!)
      : [account];
  const newest = sql(
    `WITH RECURSIVE chat (id) AS (
       SELECT min(chat_id) FROM journal WHERE account = ?1 AND chat_id > 0
       UNION ALL
       SELECT (SELECT min(chat_id) FROM journal WHERE account = ?1 AND chat_id > chat.id) FROM chat WHERE id IS NOT NULL
     )
     SELECT journal.* FROM chat JOIN journal ON journal.id =
       (SELECT max(id) FROM journal WHERE account = ?1 AND chat_id = chat.id)`,
  );
  return accounts.flatMap((each) => newest.all(each).map(toEntry)).sort((one, other) => other.id - one.id);
}
