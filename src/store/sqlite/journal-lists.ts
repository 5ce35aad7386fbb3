import type { SqlValue } from "../../platform/index.js";
import type { JournalEntry, JournalFilter, JournalState } from "../journal.js";
import { toEntry } from "../rows/entry.js";
import type { Base } from "./statements.js";

/** Rows that are few have an index, which takes what it is about from the words of the statement alone. */
const open = { index: "journal_open", where: "state IN ('new', 'decided')" };
const few: Partial<Record<JournalState, { index: string; where: string }>> = {
  new: open,
  decided: open,
  failed: { index: "journal_failed", where: "state = 'failed'" },
};
const dropped = { index: "journal_dropped", where: "decision = 'drop' AND own = 0" };

function fewOf({ chatId, chatIdentifier, state, decision, own }: JournalFilter) {
  if (chatId !== undefined || chatIdentifier !== undefined) return undefined;
  return (state && few[state]) ?? (decision === "drop" && !own ? dropped : undefined);
}

/** As the contract's `list`. */
export function listEntries(base: Base, filter: JournalFilter): JournalEntry[] {
  const { sql } = base;
  const named =
    filter.chatIdentifier === undefined ? undefined : chatsNamed(base, filter.chatIdentifier, filter.account);
  const inTurn = filter.state === "in_turn" && filter.chatId === undefined ? filter.state : undefined;
  const found = fewOf(filter);
  const isOfChats = filter.chatId !== undefined || named !== undefined;
  const conditions: [string, SqlValue | undefined][] = [
    // Without a chat the newest rows stand at the table's end; no index of an account has them in that order.
    [isOfChats ? "account = ?" : "+account = ?", filter.account],
    ["chat_id = ?", filter.chatId],
    ["account IN (SELECT id FROM account) AND chat_id IN (SELECT value FROM json_each(?))", named],
    ["lower(json_extract(body, '$.chat.identifier')) = lower(?)", filter.chatIdentifier],
    ["decision = ?", filter.decision],
    ["state = ?", filter.state],
    ["turn_id IN (SELECT id FROM turn WHERE state IN ('queued', 'running')) AND state = ?", inTurn],
    ["own = ?", filter.own ? undefined : 0],
    ["reason = ?", filter.reason],
    ["id < ?", filter.before],
    ["id > ?", filter.after],
  ];
  const used = conditions.filter(([, value]) => value !== undefined) as [string, SqlValue][];
  const texts = [...(found ? [found.where] : []), ...used.map(([text]) => text)];
  const where = texts.length > 0 ? `WHERE ${texts.join(" AND ")}` : "";
  const from = found ? `journal INDEXED BY ${found.index}` : "journal";
  return sql(`SELECT * FROM ${from} ${where} ORDER BY id ${filter.oldestFirst ? "ASC" : "DESC"} LIMIT ?`)
    .all(...used.map(([, value]) => value), filter.limit)
    .map(toEntry);
}

/**
 * `chat (id)`, the chats of an account that has rows: from chat to chat through an index, for a history of a million rows has some
 * hundred chats. Takes the account as its first parameter. @param among a condition on `chat_id`
 */
function chatsOfAccount(among = "TRUE"): string {
  return `WITH RECURSIVE chat (id) AS (
       SELECT min(chat_id) FROM journal WHERE account = ?1 AND ${among}
       UNION ALL
       SELECT (SELECT min(chat_id) FROM journal WHERE account = ?1 AND chat_id > chat.id) FROM chat WHERE id IS NOT NULL
     )`;
}

/** @returns as JSON, the numbers of chats whose first or newest row has an identifier: another database numbers anew */
function chatsNamed({ sql }: Base, identifier: string, account: string | undefined): string {
  const end = (which: string) =>
    `(SELECT ${which}(id) FROM journal WHERE account = ?1 AND chat_id = chat.id)`;
  const find = sql(
    `${chatsOfAccount()} SELECT chat.id FROM chat WHERE EXISTS (SELECT 1 FROM journal WHERE journal.id IN (${end("min")}, ${end("max")})
       AND lower(json_extract(body, '$.chat.identifier')) = lower(?2))`,
  );
  const found = accountsOf(sql, account).flatMap((each) => find.all(each, identifier));
  return JSON.stringify(found.map(({ id }) => id));
}

function accountsOf(sql: Base["sql"], account: string | undefined): SqlValue[] {
  if (account !== undefined) return [account];
  return sql("SELECT id FROM account")
    .all()
    .map(({ id }) => id!);
}

/** As the contract's `caughtUp`. */
export function caughtUpBetween(
  { sql }: Base,
  account: string,
  since: number,
  until: number,
): JournalEntry[] {
  return sql(
    `${chatsOfAccount()} SELECT journal.* FROM chat CROSS JOIN journal
       ON account = ?1 AND chat_id = chat.id AND sent_at >= ?2 AND sent_at < ?3
     WHERE arrival = 'catchup' ORDER BY sent_at, row_id`,
  )
    .all(account, since, until)
    .map(toEntry);
}

/** As the contract's `chats`. */
export function newestOfChats({ sql }: Base, account?: string): JournalEntry[] {
  const newest = sql(
    `${chatsOfAccount("chat_id > 0")} SELECT journal.* FROM chat JOIN journal ON journal.id =
       (SELECT max(id) FROM journal WHERE account = ?1 AND chat_id = chat.id)`,
  );
  return accountsOf(sql, account)
    .flatMap((each) => newest.all(each).map(toEntry))
    .sort((one, other) => other.id - one.id);
}

/** As the contract's `placedUpTo`. */
export function lastPlaced({ sql }: Base, account: string | undefined, after: number): number {
  // One commit follows the other: none is on its way.
  if (account === undefined) return Number(sql("SELECT coalesce(max(id), 0) AS id FROM journal").get()!.id);
  const row = sql(
    `SELECT coalesce((SELECT min(id) - 1 FROM journal INDEXED BY ${open.index}
       WHERE account = ? AND ${open.where} AND own = 0 AND id > ? AND body ->> '$.chat.guid' = ''
         AND (chat_id <= 0 OR body ->> '$.chat.identifier' = '')), (SELECT max(id) FROM journal), 0) AS id`,
  ).get(account, after);
  return Number(row!.id);
}
