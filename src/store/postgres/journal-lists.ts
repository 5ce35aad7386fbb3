import { untypedCommands } from "../../conversation/index.js";
import type { ChatOrHandle, JournalEntry, JournalFilter } from "../journal.js";
import { orNull } from "../rows/columns.js";
import { nobodys, recentRows, toEntry } from "../rows/entry.js";
import { settledUpTo } from "./settled.js";
import type { Base, Tx, Value } from "./statements.js";

const direct = "is_group = 0 AND decision_json ->> 'treatedAs' = 'direct'";
const optOutWord = `decision_json ->> 'name' IN ('${untypedCommands.optOut}', '${untypedCommands.optIn}') AND decision_json ->> 'silent' IS NULL`;

/** Rows that are few have an index, which takes what it is about from the words of the statement alone. */
const few: Partial<Record<string, string>> = {
  new: "state IN ('new', 'decided')",
  decided: "state IN ('new', 'decided')",
  failed: "state = 'failed'",
};

/** As the contract's `list`. */
export async function listEntries(tx: Tx, filter: JournalFilter): Promise<JournalEntry[]> {
  const named =
    filter.chatIdentifier === undefined
      ? undefined
      : await chatsNamed(tx, filter.chatIdentifier, filter.account);
  const inTurn = filter.state === "in_turn" && filter.chatId === undefined ? filter.state : undefined;
  const conditions: [string, Value | undefined][] = [
    ["account = ?", filter.account],
    ["chat_id = ?", filter.chatId],
    ["chat_id = ANY(?)", named],
    ["lower(body #>> '{chat,identifier}') = lower(?)", filter.chatIdentifier],
    ["decision = ?", filter.decision],
    ["state = ?", filter.state],
    ["turn_id IN (SELECT id FROM turn WHERE state IN ('queued', 'running')) AND state = ?", inTurn],
    ["own = ?", filter.own ? undefined : 0],
    ["reason = ?", filter.reason],
    ["id < ?", filter.before],
    ["id > ?", filter.after],
  ];
  const used = conditions.filter(([, value]) => value !== undefined) as [string, Value][];
  const found = filter.state && few[filter.state];
  const isDropped = filter.decision === "drop" && !filter.own;
  const texts = [
    ...(found ? [found] : []),
    ...(isDropped ? ["decision = 'drop' AND own = 0"] : []),
    ...used.map(([text]) => text),
  ];
  const where = texts.length > 0 ? `WHERE ${texts.join(" AND ")}` : "";
  const rows = await tx
    .sql(`SELECT * FROM journal ${where} ORDER BY id ${filter.oldestFirst ? "ASC" : "DESC"} LIMIT ?`)
    .all(...used.map(([, value]) => value), filter.limit);
  return rows.map(toEntry);
}

/**
 * `chat (account, id)`, the chats of accounts that have rows: from chat to chat through an index, for a history of a million
 * rows has some hundred chats. Takes the account as its first parameter; null: all. @param above the highest number left out
 */
function chatsOfAccounts(above = "-9223372036854775808"): string {
  const next = (account: string, after: string) =>
    `(SELECT min(chat_id) FROM journal WHERE account = ${account} AND chat_id > ${after})`;
  return `WITH RECURSIVE chat (account, id) AS (
       SELECT a.id, ${next("a.id", above)} FROM account a WHERE ?1::text IS NULL OR a.id = ?1
       UNION ALL
       SELECT chat.account, ${next("chat.account", "chat.id")} FROM chat WHERE chat.id IS NOT NULL
     )`;
}

/** @returns the numbers of chats whose first or newest row has an identifier: another database numbers anew */
async function chatsNamed({ sql }: Tx, identifier: string, account: string | undefined): Promise<number[]> {
  const end = (direction: string) =>
    `(SELECT body #>> '{chat,identifier}' FROM journal WHERE account = chat.account AND chat_id = chat.id ORDER BY id ${direction} LIMIT 1)`;
  const found = await sql(
    `${chatsOfAccounts()} SELECT chat.id FROM chat WHERE chat.id IS NOT NULL
       AND lower(?2) IN (lower(${end("ASC")}), lower(${end("DESC")}))`,
  ).all(orNull(account), identifier);
  return found.map(({ id }) => Number(id));
}

/** As the contract's `caughtUp`. */
export async function caughtUpBetween(
  { sql }: Tx,
  account: string,
  since: number,
  until: number,
): Promise<JournalEntry[]> {
  const rows = await sql(
    `${chatsOfAccounts()} SELECT journal.* FROM chat JOIN journal
       ON journal.account = chat.account AND chat_id = chat.id AND sent_at >= ?2 AND sent_at < ?3
     WHERE arrival = 'catchup' ORDER BY sent_at, row_id`,
  ).all(account, since, until);
  return rows.map(toEntry);
}

/** As the contract's `chats`. */
export async function newestOfChats({ sql }: Tx, account?: string): Promise<JournalEntry[]> {
  const rows = await sql(
    `${chatsOfAccounts("0")} SELECT journal.* FROM chat JOIN journal ON journal.id =
       (SELECT max(id) FROM journal WHERE account = chat.account AND chat_id = chat.id) ORDER BY journal.id DESC`,
  ).all(orNull(account));
  return rows.map(toEntry);
}

/** As the contract's `placedUpTo`. */
export async function lastPlaced(tx: Tx, account: string | undefined, after: number): Promise<number> {
  if (account === undefined) return settledUpTo(tx);
  const { sql } = tx;
  const row = await sql(
    `SELECT coalesce((SELECT min(id) - 1 FROM journal
       WHERE account = ? AND ${few.new} AND own = 0 AND id > ? AND body #>> '{chat,guid}' = ''
         AND (chat_id <= 0 OR body #>> '{chat,identifier}' = '')), (SELECT max(id) FROM journal), 0) AS id`,
  ).get(account, after);
  return Number(row!.id);
}

/** As the contract's `lastWritten`. */
export async function lastWrittenIn(
  { sql }: Tx,
  account: string,
  { chatId = 0, handle }: ChatOrHandle,
  except: readonly string[],
): Promise<JournalEntry | undefined> {
  const inChat =
    chatId > 0
      ? await sql(
          `SELECT * FROM journal WHERE account = ? AND chat_id = ? AND own = 0 AND decision IS NOT NULL
             AND coalesce(reason, '') NOT IN (${nobodys}) AND sender <> ALL(?)
           ORDER BY sent_at DESC, id DESC LIMIT 1`,
        ).get(account, chatId, except)
      : undefined;
  if (inChat || handle === undefined || except.includes(handle)) return inChat && toEntry(inChat);
  const row = await sql(
    `SELECT * FROM journal WHERE account = ? AND decision IN ('dispatch', 'command') AND ${direct} AND sender = ?
     ORDER BY id DESC LIMIT 1`,
  ).get(account, handle);
  return row && toEntry(row);
}

/** Whether somebody wrote in a chat, or a person in a direct one; see `Journal.heardFrom`. */
export async function wasHeardFrom(
  { sql }: Tx,
  account: string,
  { chatId = 0, handle = "" }: ChatOrHandle,
  since: number,
): Promise<boolean> {
  const wrote = `SELECT 1 FROM journal WHERE account = ?1 AND own = 0 AND received_at > ?2 AND coalesce(reason, '') NOT IN (${nobodys})`;
  const row = await sql(
    `SELECT EXISTS (${wrote} AND is_group = 0 AND sender = ?3) OR (?4::bigint > 0 AND EXISTS (${wrote} AND chat_id = ?4)) AS heard`,
  ).get(account, since, handle, chatId);
  return isTrue(row!.heard);
}

/** Whether STOP or START was said there; see `Journal.saidOptOutWord`. */
export async function wasOptOutSaid(
  { sql }: Tx,
  account: string,
  { chatId = 0, handle }: ChatOrHandle,
): Promise<boolean> {
  const rows = `SELECT 1 FROM journal WHERE account = ?1 AND decision IN ('dispatch', 'command') AND ${optOutWord}`;
  const row = await sql(
    `SELECT (?2::bigint > 0 AND EXISTS (${rows} AND chat_id = ?2)) OR (?3::text IS NOT NULL AND EXISTS (${rows} AND sender = ?3 AND ${direct})) AS said`,
  ).get(account, chatId, orNull(handle));
  return isTrue(row!.said);
}

/** Who writes in a direct chat; see `Journal.directSender`. */
export async function directSenderOf(
  { sql }: Tx,
  account: string,
  chatId: number,
): Promise<string | undefined> {
  const row = await sql(
    `SELECT sender, is_group, decision_json ->> 'treatedAs' AS treated_as FROM journal
     WHERE account = ? AND chat_id = ? AND own = 0 AND decision IS NOT NULL AND coalesce(reason, '') NOT IN (${nobodys}) AND sender <> ''
     ORDER BY sent_at DESC, id DESC LIMIT 1`,
  ).get(account, chatId);
  return row?.is_group === 0 && row.treated_as === "direct" ? String(row.sender) : undefined;
}

/** Own addresses that the newest rows were sent to, the newest first. */
export async function recentOwnAddresses({ sql }: Base, account: string): Promise<string[]> {
  const rows = await sql(
    `SELECT address, max(id) AS newest FROM
       (SELECT id, body ->> 'destination' AS address FROM journal WHERE account = ? ORDER BY id DESC LIMIT ?) AS lately
     WHERE address IS NOT NULL GROUP BY address ORDER BY newest DESC`,
  ).all(account, recentRows);
  return rows.map((row) => String(row.address));
}

/** A value of the server's type `boolean`, which has no other use here. */
export function isTrue(value: unknown): boolean {
  return value === true;
}
