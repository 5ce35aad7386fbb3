import { normalizeHandle } from "../../conversation/index.js";
import type { IsPerson } from "../people.js";
import { isOfPersonAlone } from "../rows/person.js";
import { isTrue } from "./journal-lists.js";
import type { Row, Tx } from "./statements.js";

/** Where rows of a person stand. */
export interface PersonRows {
  /** Spellings of the person's handles in any table. */
  handles: string[];
  /** Rows of the journal that the person wrote, or that were said in their direct chats. */
  entries: number[];
  /** Turns that answered the person. */
  turns: string[];
  /** Sends to the person, or of such a turn. */
  sends: number[];
  /** Conversations with the person alone: their accounts, and their keys beside them. */
  chats: { accounts: string[]; keys: string[] };
  sessions: string[];
  sharedSessions: string[];
}

/** SQL: whether an account and a chat key are one of these conversations. */
export function isOneOf(account: string, key: string, accounts: string, keys: string): string {
  return `(${account}, ${key}) IN (SELECT * FROM unnest(${accounts}::text[], ${keys}::text[]))`;
}

/**
 * SQL: whether an action that is none of the person's own turns tells of the person: it sent there, or names a handle. Values: the
 * sends, the handles, the turns.
 */
export const isActionOf = `(turn_id IS NULL OR turn_id <> ALL(?3))
  AND (EXISTS (SELECT 1 FROM json_array_elements_text(action.items) AS item WHERE item::bigint = ANY(?1))
    OR EXISTS (SELECT 1 FROM unnest(?2::text[]) AS handle WHERE strpos(action.chat || ' ' || action.parameters::text, handle) > 0))`;

/** Finds every row that tells of a person; inside a transaction of the caller. */
export async function rowsOfPerson(tx: Tx, isPerson: IsPerson): Promise<PersonRows> {
  const { sql } = tx;
  const handles = await spellings(tx, isPerson);
  const entries = await entriesOf(tx, handles, isPerson);
  const answering = await sql(
    `SELECT turn_id AS id FROM turn_person WHERE handle = ANY(?1)
     UNION SELECT id FROM turn WHERE envelope #>> '{sender,handle}' = ANY(?1)`,
  ).all(handles);
  const turns = answering.map(({ id }) => String(id));
  const chats = await chatsOf(tx, handles, isPerson);
  const sends = await sql(
    `SELECT id FROM outbox WHERE turn_id = ANY(?1) OR entry_id = ANY(?2) OR ${isOneOf("account", "chat_key", "?3", "?4")}`,
  ).all(turns, entries, chats.accounts, chats.keys);
  return {
    handles,
    entries,
    turns,
    sends: numbers(sends),
    chats,
    ...(await sessionsOf(tx, handles, turns, isPerson)),
  };
}

function numbers(rows: readonly Row[]): number[] {
  return rows.map(({ id }) => Number(id));
}

async function spellings({ sql }: Tx, isPerson: IsPerson): Promise<string[]> {
  const known = await sql(
    `SELECT sender AS handle FROM journal UNION SELECT handle FROM turn_person UNION SELECT handle FROM limit_told
     UNION SELECT handle FROM pairing UNION SELECT handle FROM enrolment UNION SELECT handle FROM enrolment_guess
     UNION SELECT body #>> '{chat,identifier}' FROM journal WHERE is_group = 0
     UNION SELECT envelope #>> '{sender,handle}' FROM turn UNION SELECT plan #>> '{maker,handle}' FROM schedule`,
  ).all();
  const own = known.flatMap(({ handle }) =>
    typeof handle === "string" && handle !== "" && isPerson(handle) ? [handle, normalizeHandle(handle)] : [],
  );
  return [...new Set(own)];
}

/** Own rows count where the chat is one with the person alone. */
async function entriesOf({ sql }: Tx, handles: readonly string[], isPerson: IsPerson): Promise<number[]> {
  const written = await sql("SELECT id FROM journal WHERE own = 0 AND sender = ANY(?)").all(handles);
  const said = await sql(
    "SELECT id, body #>> '{chat,identifier}' AS other FROM journal WHERE own = 1 AND is_group = 0",
  ).all();
  const own = said.filter(({ other }) => typeof other === "string" && other !== "" && isPerson(other));
  return numbers([...written, ...own]);
}

/** A number of a chat that means another person too, say in an earlier Messages database, names neither. */
async function chatsOf(
  { sql }: Tx,
  handles: readonly string[],
  isPerson: IsPerson,
): Promise<PersonRows["chats"]> {
  const numbered = await sql(
    // Each chat once: asked for each row, its rows would be read as often as there are.
    `SELECT account, 'chat:' || chat_id AS key FROM (SELECT DISTINCT account, chat_id FROM journal
       WHERE own = 0 AND is_group = 0 AND chat_id > 0 AND sender = ANY(?1)) AS own
     WHERE NOT EXISTS (
       SELECT 1 FROM journal AS other WHERE other.account = own.account AND other.chat_id = own.chat_id AND other.sender <> ''
         AND (other.is_group = 1 OR other.own = 0) AND other.sender <> ALL(?1))`,
  ).all(handles);
  const keyed = await sql(
    "SELECT account, chat_key AS key FROM outbox UNION SELECT account, chat_key FROM draft",
  ).all();
  const named = keyed.filter(
    ({ key }) => !String(key).startsWith("chat:") && isPerson(String(key).split(/[:;]/).at(-1)!),
  );
  const all = [...numbered, ...named];
  return { accounts: all.map(({ account }) => String(account)), keys: all.map(({ key }) => String(key)) };
}

/** Whose a session is, its turns tell, and the peer in its key; a turn that tells of nobody is no proof that others wrote. */
async function sessionsOf(
  { sql }: Tx,
  handles: readonly string[],
  turns: readonly string[],
  isPerson: IsPerson,
): Promise<Pick<PersonRows, "sessions" | "sharedSessions">> {
  const keys = await sql(
    `SELECT session_key AS key,
       bool_or(EXISTS (SELECT 1 FROM turn_person WHERE turn_id = turn.id AND handle <> ALL(?2))) AS others,
       bool_or(NOT EXISTS (SELECT 1 FROM turn_person WHERE turn_id = turn.id) AND id <> ALL(?1)) AS untold
     FROM turn WHERE session_key IN (SELECT session_key FROM turn WHERE id = ANY(?1)) GROUP BY session_key ORDER BY session_key`,
  ).all(turns, handles);
  const isOwn = ({ key, others, untold }: Row) =>
    !isTrue(others) && isOfPersonAlone(String(key), isTrue(untold), isPerson);
  return {
    sessions: keys.filter(isOwn).map(({ key }) => String(key)),
    sharedSessions: keys.filter((each) => !isOwn(each)).map(({ key }) => String(key)),
  };
}
