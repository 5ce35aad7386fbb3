import { normalizeHandle } from "../../conversation/index.js";
import type { IsPerson } from "../people.js";
import { isOfPersonAlone } from "../rows/person.js";
import type { Base } from "./statements.js";

/** Where rows of a person stand, as JSON lists for statements. */
export interface PersonRows {
  /** Spellings of the person's handles in any table. */
  handles: string;
  /** Rows of the journal that the person wrote, or that were said in their direct chats. */
  entries: string;
  /** Turns that answered the person. */
  turns: string;
  /** Sends to the person, or of such a turn. */
  sends: string;
  /** `[account, chat key]` of conversations with the person alone. */
  chats: [account: string, chatKey: string][];
  sessions: string[];
  sharedSessions: string[];
}

/**
 * SQL: whether an action that is none of the person's own turns tells of the person: it sent there, or names a handle. Values: the
 * sends, the handles, the turns.
 */
export const isActionOf = `(turn_id IS NULL OR turn_id NOT IN (SELECT value FROM json_each(?3)))
  AND (EXISTS (SELECT 1 FROM json_each(action.items) AS item WHERE item.value IN (SELECT value FROM json_each(?1)))
    OR EXISTS (SELECT 1 FROM json_each(?2) AS handle WHERE instr(action.chat || ' ' || action.parameters, handle.value) > 0))`;

type Sql = Base["sql"];

/** Finds every row that tells of a person; inside a transaction of the caller. */
export function rowsOfPerson({ sql }: Pick<Base, "sql">, isPerson: IsPerson): PersonRows {
  const handles = JSON.stringify(spellings(sql, isPerson));
  const entries = JSON.stringify(entriesOf(sql, handles, isPerson));
  const turns = JSON.stringify(
    ids(
      sql(
        `SELECT turn_id AS id FROM turn_person WHERE handle IN (SELECT value FROM json_each(?1))
         UNION SELECT id FROM turn WHERE envelope ->> '$.sender.handle' IN (SELECT value FROM json_each(?1))`,
      ).all(handles),
    ),
  );
  const chats = chatsOf(sql, handles, isPerson);
  const sends = JSON.stringify(
    ids(
      sql(
        `SELECT id FROM outbox WHERE turn_id IN (SELECT value FROM json_each(?1)) OR entry_id IN (SELECT value FROM json_each(?2))
           OR EXISTS (SELECT 1 FROM json_each(?3) AS chat WHERE chat.value ->> 0 = outbox.account AND chat.value ->> 1 = outbox.chat_key)`,
      ).all(turns, entries, JSON.stringify(chats)),
    ),
  );
  return { handles, entries, turns, sends, chats, ...sessionsOf(sql, handles, turns, isPerson) };
}

function ids(rows: { id?: unknown }[]): unknown[] {
  return rows.map(({ id }) => id);
}

function spellings(sql: Sql, isPerson: IsPerson): string[] {
  const known = sql(
    `SELECT sender AS handle FROM journal UNION SELECT handle FROM turn_person UNION SELECT handle FROM limit_told
     UNION SELECT handle FROM pairing UNION SELECT handle FROM enrolment UNION SELECT handle FROM enrolment_guess
     UNION SELECT body ->> '$.chat.identifier' FROM journal WHERE is_group = 0
     UNION SELECT envelope ->> '$.sender.handle' FROM turn UNION SELECT plan ->> '$.maker.handle' FROM schedule`,
  ).all();
  const own = known.flatMap(({ handle }) =>
    typeof handle === "string" && handle !== "" && isPerson(handle) ? [handle, normalizeHandle(handle)] : [],
  );
  return [...new Set(own)];
}

/** Own rows count where the chat is one with the person alone. */
function entriesOf(sql: Sql, handles: string, isPerson: IsPerson): unknown[] {
  const written = sql(
    "SELECT id FROM journal WHERE own = 0 AND sender IN (SELECT value FROM json_each(?))",
  ).all(handles);
  const said = sql(
    "SELECT id, body ->> '$.chat.identifier' AS other FROM journal WHERE own = 1 AND is_group = 0",
  )
    .all()
    .filter(({ other }) => typeof other === "string" && other !== "" && isPerson(other));
  return ids([...written, ...said]);
}

/** A number of a chat that means another person too, say in an earlier Messages database, names neither. */
function chatsOf(sql: Sql, handles: string, isPerson: IsPerson): PersonRows["chats"] {
  const numbered = sql(
    // Each chat once: asked for each row, its rows would be read as often as there are.
    `SELECT account, 'chat:' || chat_id AS key FROM (SELECT DISTINCT account, chat_id FROM journal
       WHERE own = 0 AND is_group = 0 AND chat_id > 0 AND sender IN (SELECT value FROM json_each(?1))) AS own
     WHERE NOT EXISTS (
       SELECT 1 FROM journal AS other WHERE other.account = own.account AND other.chat_id = own.chat_id AND other.sender <> ''
         AND (other.is_group = 1 OR other.own = 0) AND other.sender NOT IN (SELECT value FROM json_each(?1)))`,
  ).all(handles);
  const named = sql("SELECT account, chat_key AS key FROM outbox UNION SELECT account, chat_key FROM draft")
    .all()
    .filter(({ key }) => !String(key).startsWith("chat:") && isPerson(String(key).split(/[:;]/).at(-1)!));
  return [...numbered, ...named].map(({ account, key }) => [String(account), String(key)]);
}

/** Whose a session is, its turns tell, and the peer in its key; a turn that tells of nobody is no proof that others wrote. */
function sessionsOf(
  sql: Sql,
  handles: string,
  turns: string,
  isPerson: IsPerson,
): Pick<PersonRows, "sessions" | "sharedSessions"> {
  const keys = sql(
    `SELECT session_key AS key, max(EXISTS (SELECT 1 FROM turn_person WHERE turn_id = turn.id
         AND handle NOT IN (SELECT value FROM json_each(?2)))) AS others,
       max(NOT EXISTS (SELECT 1 FROM turn_person WHERE turn_id = turn.id)
         AND id NOT IN (SELECT value FROM json_each(?1))) AS untold
     FROM turn WHERE session_key IN (SELECT session_key FROM turn WHERE id IN (SELECT value FROM json_each(?1)))
     GROUP BY session_key`,
  ).all(turns, handles);
  const own = keys.filter(
    ({ key, others, untold }) => others === 0 && isOfPersonAlone(String(key), untold === 1, isPerson),
  );
  return {
    sessions: own.map(({ key }) => String(key)),
    sharedSessions: keys.filter((each) => !own.includes(each)).map(({ key }) => String(key)),
  };
}
