import { blobIn } from "../blobs.js";
import type { Forgotten } from "../people.js";
import { notApproved } from "../rows/draft.js";
import { nobodysTarget, notesAbout, withoutPerson } from "../rows/person.js";
import { untried } from "../rows/send.js";
import { endParts } from "./draft-parts.js";
import { isActionOf, isOneOf, type PersonRows } from "./person-rows.js";
import type { Tx } from "./statements.js";
import { json, jsonText } from "./words.js";

/** Of an error its code, without the words of whoever wrote it. */
const wordlessError =
  "CASE WHEN error IS NULL THEN NULL ELSE json_build_object('code', error ->> 'code', 'message', '') END";

/** Removes what tells of a person from every table (behaviour 18.3e); inside a transaction of the caller. */
export async function forgetRows(tx: Tx, rows: PersonRows, at: number): Promise<Forgotten> {
  const { sql } = tx;
  const { handles, entries, turns, sends, sessions, sharedSessions, chats } = rows;
  await endDrafts(tx, rows, at);
  await forgetInTurnsOfOthers(tx, rows);
  const files = await forgetSends(tx, sends, handles, at);
  await forgetEntries(tx, entries, handles);
  const ended = await sql(
    `UPDATE turn SET envelope = '{}', notes = NULL, tell_next = NULL, error = ${wordlessError} WHERE id = ANY(?)`,
  ).run(turns);
  await sql(
    "UPDATE action SET parameters = '{}', facts = NULL, error = NULL, items = '[]', turn_id = NULL WHERE turn_id = ANY(?)",
  ).run(turns);
  // What others, a person at the command line or a program did there; its numbers stay, so that a key is answered once more.
  // Those of one turn are told apart by them.
  await sql(
    `UPDATE action SET parameters = '{}', facts = NULL, error = NULL, chat = '', repeat = -id WHERE ${isActionOf}`,
  ).run(sends, handles, turns);
  await sql(
    "DELETE FROM question_place WHERE question_id IN (SELECT id FROM question WHERE turn_id = ANY(?))",
  ).run(turns);
  await sql("DELETE FROM question WHERE turn_id = ANY(?)").run(turns);
  await sql("DELETE FROM blob WHERE turn_id = ANY(?)").run(turns);
  await sql("UPDATE question SET answered_by = '' WHERE answered_by = ANY(?)").run(handles);
  // Events find what they are about by its id; a chat may be named by its person.
  await sql(
    `UPDATE event SET chat = NULL WHERE chat NOT LIKE 'chat:%'
       AND EXISTS (SELECT 1 FROM unnest(?::text[]) AS handle WHERE strpos(event.chat, handle) > 0)`,
  ).run(handles);
  for (const table of ["turn_person", "limit_told", "pairing"])
    await sql(`DELETE FROM ${table} WHERE handle = ANY(?)`).run(handles);
  await sql("UPDATE enrolment SET handle = NULL, chat_id = NULL WHERE handle = ANY(?)").run(handles);
  // Guesses of a phrase that still lets somebody in go on counting.
  await sql(
    "DELETE FROM enrolment_guess WHERE handle = ANY(?) AND enrolment NOT IN (SELECT id FROM enrolment WHERE state = 'open')",
  ).run(handles);
  await sql(`DELETE FROM binding WHERE ${isOneOf("account", "chat_key", "?", "?")}`).run(
    chats.accounts,
    chats.keys,
  );
  await sql(
    `DELETE FROM schedule WHERE ${isOneOf("account", "item ->> 'chatKey'", "?", "?")} OR plan #>> '{maker,handle}' = ANY(?)`,
  ).run(chats.accounts, chats.keys, handles);
  await sql(
    `DELETE FROM notice WHERE EXISTS (SELECT 1 FROM unnest(?::text[], ?::text[]) AS chat (account, key)
       WHERE chat.account = notice.account AND right(notice.key, length(chat.key) + 1) = ' ' || chat.key)`,
  ).run(chats.accounts, chats.keys);
  for (const table of ["session_settings WHERE session_key", "session WHERE key"])
    await sql(`DELETE FROM ${table} = ANY(?)`).run(sessions);
  // The keys of a person's sessions name the person.
  await sql("UPDATE turn SET session_key = 'forgotten', place = NULL WHERE session_key = ANY(?)").run(
    sessions,
  );
  return {
    state: "done",
    messages: entries.length,
    turns: ended,
    ...{ sessions, sharedSessions, files },
    turnIds: turns,
  };
}

/** Drafts for the person and of their turns end unsent, with the questions about them. */
async function endDrafts(tx: Tx, { turns, handles, chats }: PersonRows, at: number): Promise<void> {
  const { sql } = tx;
  const drafts = await sql(
    `SELECT id, state FROM draft WHERE turn_id = ANY(?) OR ${isOneOf("account", "chat_key", "?", "?")}`,
  ).all(turns, chats.accounts, chats.keys);
  for (const { id, state } of drafts) {
    if (state === "held" || state === "open") {
      await sql("UPDATE draft SET state = 'dropped', ended_at = ? WHERE id = ?").run(at, id!);
      await endParts(tx, String(id), notApproved("its person was forgotten"), at);
    }
    await sql("DELETE FROM question_place WHERE question_id = ?").run(id!);
    await sql("DELETE FROM question WHERE id = ?").run(id!);
    await sql(
      "UPDATE draft SET addressee = '', drafted = NULL, for_owner = NULL, target = ?, chat_key = 'forgotten:' || id WHERE id = ?",
    ).run(jsonText(nobodysTarget), id!);
  }
  await sql("UPDATE draft SET decided_by = '' WHERE decided_by = ANY(?)").run(handles);
  await sql("UPDATE draft SET for_owner = NULL WHERE for_owner = ANY(?)").run(handles);
}

/** @returns the copies of files that waited, outside of the state */
async function forgetSends(
  { sql }: Tx,
  sends: readonly number[],
  handles: readonly string[],
  at: number,
): Promise<string[]> {
  await sql(
    `UPDATE outbox SET state = ${untried}, settled_at = ?, error = ? WHERE id = ANY(?) AND state IN ('pending', 'held')`,
  ).run(at, jsonText(notApproved("its person was forgotten")), sends);
  const files = await sql("SELECT file FROM outbox WHERE id = ANY(?) AND file IS NOT NULL").all(sends);
  await sql(
    `UPDATE outbox SET text = NULL, file = NULL, form = NULL, reply_to = NULL, delivery = NULL, error = ${wordlessError}
     WHERE id = ANY(?)`,
  ).run(sends);
  // Where the person is named as the address, a send has none any more; a group stays one.
  await sql(
    "UPDATE outbox SET target = ?, chat_key = 'forgotten:' || id WHERE id = ANY(?) AND target ->> 'kind' <> 'chat_id'",
  ).run(jsonText(nobodysTarget), sends);
  // What owners were told or asked of the person.
  await sql(
    `UPDATE outbox SET text = NULL, form = NULL WHERE state NOT IN ('held', 'pending', 'sending')
       AND EXISTS (SELECT 1 FROM unnest(?::text[]) AS handle WHERE strpos(concat(outbox.text, outbox.form), handle) > 0)`,
  ).run(handles);
  return files.map(({ file }) => String(file)).filter((file) => !blobIn(file));
}

/** Of a row stays that it was there, and what became of it: by its GUID and number nothing is answered twice. */
async function forgetEntries(
  { sql }: Tx,
  entries: readonly number[],
  handles: readonly string[],
): Promise<void> {
  await sql(
    `UPDATE journal SET sender = '', body = json_build_object('rowId', row_id, 'guid', body ->> 'guid',
       'chat', json_build_object('id', chat_id, 'guid', '', 'identifier', '', 'name', '', 'participants', '[]'::json,
         'isGroup', is_group = 1),
       'sender', '', 'fromMe', own = 1, 'text', '', 'sentAt', sent_at, 'attachments', '[]'::json),
     decision_json = (decision_json::jsonb || '{"gates": [], "remedy": ""}')::json
     WHERE id = ANY(?)`,
  ).run(entries);
  await sql(
    "UPDATE journal SET body = (body::jsonb - 'replyTo')::json WHERE body #>> '{replyTo,sender}' = ANY(?)",
  ).run(handles);
}

/**
 * What the person said in a group stands in the turns of others there, among their messages, as context and in what they answered.
 * A turn of others has messages of others: the last one is its sender's.
 */
async function forgetInTurnsOfOthers(
  { sql }: Tx,
  { handles, entries, turns, sends }: PersonRows,
): Promise<void> {
  const mentioned = await sql(
    `SELECT id, envelope, ended_at FROM turn WHERE id <> ALL(?2) AND (state IN ('queued', 'running')
       OR EXISTS (SELECT 1 FROM unnest(?1::text[]) AS handle WHERE strpos(turn.envelope::text, handle) > 0))`,
  ).all(handles, turns);
  const texts = async (text: string, ids: readonly number[]) =>
    (await sql(text).all(ids)).map((row) => String(row.text));
  const own = new Set(handles);
  const isAbout = notesAbout(
    own,
    await texts("SELECT body AS text FROM journal WHERE id = ANY(?)", entries),
    await texts("SELECT text FROM outbox WHERE text IS NOT NULL AND id = ANY(?)", sends),
  );
  for (const { id, envelope, ended_at } of mentioned)
    await sql("UPDATE turn SET envelope = ? WHERE id = ?").run(
      json(withoutPerson(String(envelope), own, ended_at === null ? isAbout : undefined)),
      id!,
    );
}
