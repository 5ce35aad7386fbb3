import type { Rest } from "../rest.js";
import type { Base } from "./statements.js";

/** Rows that one commit looks through: nothing else is done meanwhile, a few milliseconds. */
export const slice = 100;

/**
 * Removes what people wrote, wherever it was kept, once it is older (behaviour 14): of rows, turns, sends, actions,
 * pairing requests, questions and schedules only what was decided stays. What is still open keeps all it has. Long tables
 * are gone through in slices, each a commit of its own; a process that dies in between goes on at its next start.
 * @param before milliseconds since the epoch
 * @param rest before each piece: what came meanwhile goes first
 * @returns how many rows of the journal lost their content
 */
export async function forgetContent(base: Base, before: number, rest: Rest): Promise<number> {
  const { sql, write } = base;
  await inSlices(
    base,
    { table: "turn", isOver: "ended_at < ?1" },
    `UPDATE turn SET envelope = '{}', notes = NULL, tell_next = NULL, error = json_remove(error, '$.cause')
     WHERE (envelope <> '{}' OR notes IS NOT NULL)`,
    { before, rest },
  );
  await inSlices(
    base,
    { table: "outbox", isOver: "settled_at < ?1" },
    "UPDATE outbox SET text = NULL, file = NULL, form = NULL WHERE (text IS NOT NULL OR file IS NOT NULL OR form IS NOT NULL)",
    { before, rest },
  );
  await inSlices(
    base,
    { table: "action", isOver: "ended_at < ?1" },
    "UPDATE action SET parameters = '{}', turn_id = NULL WHERE parameters <> '{}'",
    { before, rest },
  );
  await write([], () => {
    // Of what an agent wanted to know the answer is what somebody wrote.
    sql(
      `UPDATE question SET title = '', options = '[]', choice = CASE kind WHEN 'ask' THEN NULL ELSE choice END
       WHERE ended_at < ? AND title <> ''`,
    ).run(before);
    sql("UPDATE draft SET addressee = '', drafted = NULL WHERE ended_at < ? AND addressee <> ''").run(before);
    sql(
      "UPDATE pairing SET text = '' WHERE requested_at < ? AND text <> '' AND (state <> 'pending' OR expires_at < ?)",
    ).run(before, before);
    sql("UPDATE schedule SET item = json_remove(item, '$.text', '$.runs', '$.file') WHERE ended_at < ?").run(
      before,
    );
  });
  return inSlices(
    base,
    { table: "journal", isOver: "received_at < ?1 AND state IN ('done', 'failed')" },
    `UPDATE journal
     SET body = json_remove(json_set(body, '$.text', '', '$.attachments', json('[]')), '$.replyTo', '$.poll', '$.change.before', '$.change.text')
     WHERE (json_extract(body, '$.text') <> '' OR json_array_length(body, '$.attachments') > 0
         OR json_type(body, '$.replyTo') IS NOT NULL OR json_type(body, '$.poll') IS NOT NULL OR json_type(body, '$.change.before') IS NOT NULL)`,
    { before, rest },
  );
}

/**
 * Goes through what an earlier time has not gone through: up to the first row that is to be kept still, everything was taken.
 * @param isOver what is old enough and has ended, by the time @returns how many rows were changed
 */
async function inSlices(
  { sql, write }: Base,
  { table, isOver }: { table: "journal" | "turn" | "outbox" | "action"; isOver: string },
  update: string,
  { before, rest }: { before: number; rest: Rest },
): Promise<number> {
  const newest = Number(sql(`SELECT max(rowid) AS newest FROM ${table}`).get()?.newest ?? 0);
  const known = sql("SELECT up_to FROM forgotten WHERE name = ?");
  const note = sql(
    "INSERT INTO forgotten (name, up_to) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET up_to = excluded.up_to",
  );
  const change = sql(`${update} AND ${isOver} AND rowid BETWEEN ?2 AND ?3`);
  const kept = sql(
    `SELECT min(rowid) AS first FROM ${table} WHERE rowid BETWEEN ?2 AND ?3 AND NOT coalesce(${isOver}, FALSE)`,
  );
  const done = () => Number(known.get(table)?.up_to ?? 0);
  let changed = 0;
  for (let from = done() + 1; from <= newest; from += slice) {
    if (!(await rest())) break;
    changed += await write([], () => {
      const to = Math.min(newest, from + slice - 1);
      const { changes } = change.run(before, from, to);
      // One that is kept stops the count there: it is looked at again the next time, with all that follows.
      const { first } = kept.get(before, from, to)!;
      const upTo = first === null ? to : Number(first) - 1;
      if (done() === from - 1 && upTo >= from) note.run(table, upTo);
      return Number(changes);
    });
  }
  return changed;
}
