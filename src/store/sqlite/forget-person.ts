import type { Forgotten } from "../people.js";
import { notApproved } from "../rows/draft.js";
import { nobodysTarget, notesAbout, withoutPerson } from "../rows/person.js";
import { untried } from "../rows/send.js";
import { endParts } from "./draft-parts.js";
import { isActionOf, type PersonRows } from "./person-rows.js";
import type { Base } from "./statements.js";

const inList = "IN (SELECT value FROM json_each(?1))";

/** Removes what tells of a person from every table (behaviour 18.3e); inside a transaction of the caller. */
export function forgetRows(base: Base, rows: PersonRows, at: number): Forgotten {
  const { sql } = base;
  const { handles, entries, turns, sends, sessions, sharedSessions } = rows;
  const chats = JSON.stringify(rows.chats);
  endDrafts(base, rows, chats, at);
  forgetInTurnsOfOthers(base, rows);
  const files = forgetSends(base, sends, handles, at);
  forgetEntries(base, entries, handles);
  const ended = sql(
    `UPDATE turn SET envelope = '{}', notes = NULL, tell_next = NULL,
       error = CASE WHEN error IS NULL THEN NULL ELSE json_object('code', error ->> '$.code', 'message', '') END
     WHERE id ${inList}`,
  ).run(turns);
  sql(
    `UPDATE action SET parameters = '{}', facts = NULL, error = NULL, items = '[]', turn_id = NULL WHERE turn_id ${inList}`,
  ).run(turns);
  // What others, a person at the command line or a program did there; its numbers stay, so that a key is answered once more.
  // Those of one turn are told apart by them.
  sql(
    `UPDATE action SET parameters = '{}', facts = NULL, error = NULL, chat = '', repeat = -id WHERE ${isActionOf}`,
  ).run(sends, handles, turns);
  sql(
    `DELETE FROM question_place WHERE question_id IN (SELECT id FROM question WHERE turn_id ${inList})`,
  ).run(turns);
  sql(`DELETE FROM question WHERE turn_id ${inList}`).run(turns);
  sql(`UPDATE question SET answered_by = '' WHERE answered_by ${inList}`).run(handles);
  // Events find what they are about by its id; a chat may be named by its person.
  sql(
    `UPDATE event SET chat = NULL WHERE chat NOT LIKE 'chat:%'
       AND EXISTS (SELECT 1 FROM json_each(?1) AS handle WHERE instr(event.chat, handle.value) > 0)`,
  ).run(handles);
  for (const table of ["turn_person", "limit_told", "pairing"])
    sql(`DELETE FROM ${table} WHERE handle ${inList}`).run(handles);
  sql(`UPDATE enrolment SET handle = NULL, chat_id = NULL WHERE handle ${inList}`).run(handles);
  // Guesses of a phrase that still lets somebody in go on counting.
  sql(
    `DELETE FROM enrolment_guess WHERE handle ${inList} AND enrolment NOT IN (SELECT id FROM enrolment WHERE state = 'open')`,
  ).run(handles);
  const ofChat = (account: string, key: string) =>
    `EXISTS (SELECT 1 FROM json_each(?1) AS chat WHERE chat.value ->> 0 = ${account} AND chat.value ->> 1 = ${key})`;
  sql(`DELETE FROM binding WHERE ${ofChat("binding.account", "binding.chat_key")}`).run(chats);
  sql(
    `DELETE FROM schedule WHERE ${ofChat("schedule.account", "schedule.item ->> '$.chatKey'")}
       OR plan ->> '$.maker.handle' IN (SELECT value FROM json_each(?2))`,
  ).run(chats, handles);
  sql(
    `DELETE FROM notice WHERE EXISTS (SELECT 1 FROM json_each(?1) AS chat WHERE chat.value ->> 0 = notice.account
       AND substr(notice.key, -length(chat.value ->> 1) - 1) = ' ' || (chat.value ->> 1))`,
  ).run(chats);
  for (const table of ["session_settings WHERE session_key", "session WHERE key"])
    sql(`DELETE FROM ${table} ${inList}`).run(JSON.stringify(sessions));
  // The keys of a person's sessions name the person.
  sql(`UPDATE turn SET session_key = 'forgotten', place = NULL WHERE session_key ${inList}`).run(
    JSON.stringify(sessions),
  );
  return {
    state: "done",
    messages: JSON.parse(entries).length,
    turns: Number(ended.changes),
    ...{ sessions, sharedSessions, files },
    turnIds: JSON.parse(turns),
  };
}

/** Drafts for the person and of their turns end unsent, with the questions about them. */
function endDrafts(base: Base, { turns, handles }: PersonRows, chats: string, at: number): void {
  const { sql } = base;
  const drafts = sql(
    `SELECT id, state FROM draft WHERE turn_id ${inList}
       OR EXISTS (SELECT 1 FROM json_each(?2) AS chat WHERE chat.value ->> 0 = draft.account AND chat.value ->> 1 = draft.chat_key)`,
  ).all(turns, chats);
  for (const { id, state } of drafts) {
    if (state === "held" || state === "open") {
      sql("UPDATE draft SET state = 'dropped', ended_at = ? WHERE id = ?").run(at, id!);
      endParts(base, String(id), notApproved("its person was forgotten"), at);
    }
    sql("DELETE FROM question_place WHERE question_id = ?").run(id!);
    sql("DELETE FROM question WHERE id = ?").run(id!);
    sql(
      `UPDATE draft SET addressee = '', drafted = NULL, for_owner = NULL, target = ?, chat_key = 'forgotten:' || id WHERE id = ?`,
    ).run(nobodysTarget, id!);
  }
  sql(`UPDATE draft SET decided_by = '' WHERE decided_by ${inList}`).run(handles);
  sql(`UPDATE draft SET for_owner = NULL WHERE for_owner ${inList}`).run(handles);
}

/** @returns the copies of files that waited */
function forgetSends({ sql }: Base, sends: string, handles: string, at: number): string[] {
  sql(
    `UPDATE outbox SET state = ${untried}, settled_at = ?2, error = ?3 WHERE id ${inList} AND state IN ('pending', 'held')`,
  ).run(sends, at, notApproved("its person was forgotten"));
  const files = sql(`SELECT file FROM outbox WHERE id ${inList} AND file IS NOT NULL`).all(sends);
  sql(
    `UPDATE outbox SET text = NULL, file = NULL, form = NULL, reply_to = NULL, delivery = NULL,
       error = CASE WHEN error IS NULL THEN NULL ELSE json_object('code', error ->> '$.code', 'message', '') END WHERE id ${inList}`,
  ).run(sends);
  // Where the person is named as the address, a send has none any more; a group stays one.
  sql(
    `UPDATE outbox SET target = ?2, chat_key = 'forgotten:' || id WHERE id ${inList} AND target ->> '$.kind' <> 'chat_id'`,
  ).run(sends, nobodysTarget);
  // What owners were told or asked of the person.
  sql(
    `UPDATE outbox SET text = NULL, form = NULL WHERE state NOT IN ('held', 'pending', 'sending')
       AND EXISTS (SELECT 1 FROM json_each(?1) AS handle WHERE instr(coalesce(outbox.text, '') || coalesce(outbox.form, ''), handle.value) > 0)`,
  ).run(handles);
  return files.map(({ file }) => String(file));
}

/** Of a row stays that it was there, and what became of it: by its GUID and number nothing is answered twice. */
function forgetEntries({ sql }: Base, entries: string, handles: string): void {
  sql(
    `UPDATE journal SET sender = '', body = json_object('rowId', row_id, 'guid', body ->> '$.guid',
       'chat', json_object('id', chat_id, 'guid', '', 'identifier', '', 'name', '', 'participants', json('[]'),
         'isGroup', json(CASE WHEN is_group = 1 THEN 'true' ELSE 'false' END)),
       'sender', '', 'fromMe', json(CASE WHEN own = 1 THEN 'true' ELSE 'false' END), 'text', '', 'sentAt', sent_at, 'attachments', json('[]')),
     decision_json = CASE WHEN decision_json IS NULL THEN NULL ELSE json_set(decision_json, '$.gates', json('[]'), '$.remedy', '') END
     WHERE id ${inList}`,
  ).run(entries);
  sql(
    `UPDATE journal SET body = json_remove(body, '$.replyTo') WHERE body ->> '$.replyTo.sender' ${inList}`,
  ).run(handles);
}

/**
 * What the person said in a group stands in the turns of others there, among their messages, as context and in what they answered.
 * A turn of others has messages of others: the last one is its sender's.
 */
function forgetInTurnsOfOthers({ sql }: Base, { handles, entries, turns, sends }: PersonRows): void {
  const mentioned = sql(
    `SELECT id, envelope, ended_at FROM turn WHERE id NOT IN (SELECT value FROM json_each(?2)) AND (state IN ('queued', 'running')
       OR EXISTS (SELECT 1 FROM json_each(?1) AS handle WHERE instr(turn.envelope, handle.value) > 0))`,
  ).all(handles, turns);
  const texts = (text: string, list: string) =>
    sql(text)
      .all(list)
      .map((row) => String(row.text));
  const own = new Set<string>(JSON.parse(handles));
  const isAbout = notesAbout(
    own,
    texts(`SELECT body AS text FROM journal WHERE id ${inList}`, entries),
    texts(`SELECT text FROM outbox WHERE text IS NOT NULL AND id ${inList}`, sends),
  );
  for (const { id, envelope, ended_at } of mentioned) {
    const kept = withoutPerson(String(envelope), own, ended_at === null ? isAbout : undefined);
    sql("UPDATE turn SET envelope = ? WHERE id = ?").run(JSON.stringify(kept), id!);
  }
}
