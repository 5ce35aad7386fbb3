import type { Base } from "./statements.js";

/** Rows that one commit looks through: a message that comes meanwhile waits for so many, a few milliseconds. */
const slice = 500;

/**
 * Removes what people wrote, wherever it was kept, once it is older (behaviour 14): of rows, turns, sends, actions,
 * pairing requests, questions and schedules only what was decided stays. What is still open keeps all it has. Long tables
 * are gone through in slices, each a commit of its own; a process that dies in between goes on at its next start.
 * @param before milliseconds since the epoch
 * @returns how many rows of the journal lost their content
 */
export async function forgetContent(base: Base, before: number): Promise<number> {
  const { sql, write } = base;
  await inSlices(
    base,
    "turn",
    `UPDATE turn SET envelope = '{}', notes = NULL, tell_next = NULL, error = json_remove(error, '$.cause')
     WHERE ended_at < ? AND (envelope <> '{}' OR notes IS NOT NULL)`,
    before,
  );
  await inSlices(
    base,
    "outbox",
    "UPDATE outbox SET text = NULL, file = NULL, form = NULL WHERE settled_at < ? AND (text IS NOT NULL OR file IS NOT NULL)",
    before,
  );
  await inSlices(
    base,
    "action",
    "UPDATE action SET parameters = '{}', turn_id = NULL WHERE ended_at < ? AND parameters <> '{}'",
    before,
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
    "journal",
    `UPDATE journal
     SET body = json_remove(json_set(body, '$.text', '', '$.attachments', json('[]')), '$.replyTo', '$.poll', '$.change.before', '$.change.text')
     WHERE received_at < ? AND state IN ('done', 'failed')
       AND (json_extract(body, '$.text') <> '' OR json_array_length(body, '$.attachments') > 0
         OR json_type(body, '$.replyTo') IS NOT NULL OR json_type(body, '$.poll') IS NOT NULL OR json_type(body, '$.change.before') IS NOT NULL)`,
    before,
  );
}

/** @param update takes the time as its one value @returns how many rows it changed */
async function inSlices(
  { sql, write }: Base,
  table: string,
  update: string,
  before: number,
): Promise<number> {
  const newest = Number(sql(`SELECT max(rowid) AS newest FROM ${table}`).get()?.newest ?? 0);
  const change = sql(`${update} AND rowid BETWEEN ? AND ?`);
  let changed = 0;
  for (let from = 1; from <= newest; from += slice)
    changed += await write([], () => Number(change.run(before, from, from + slice - 1).changes));
  return changed;
}
