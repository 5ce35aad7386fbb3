import type { Rest } from "../rest.js";
import type { Base } from "./statements.js";

/** Rows that one commit looks through. */
const slice = 500;

/**
 * Removes what people wrote, wherever it was kept, once it is older (behaviour 14): of rows, turns, sends, actions,
 * pairing requests, questions and schedules only what was decided stays. What is still open keeps all it has. Long tables
 * are gone through in slices, each a commit of its own; a process that dies in between goes on at its next start.
 * @param before milliseconds since the epoch
 * @param rest before each piece: what came meanwhile goes first
 * @returns how many rows of the journal lost their content
 */
export async function forgetContent(base: Base, before: number, rest: Rest): Promise<number> {
  await inSlices(
    base,
    { table: "turn", key: "seq", isOver: "ended_at < ?1" },
    `UPDATE turn SET envelope = '{}', notes = NULL, tell_next = NULL, error = (error::jsonb - 'cause')::json
     WHERE (envelope::text <> '{}' OR notes IS NOT NULL)`,
    { before, rest },
  );
  await inSlices(
    base,
    { table: "outbox", key: "id", isOver: "settled_at < ?1" },
    "UPDATE outbox SET text = NULL, file = NULL, form = NULL WHERE (text IS NOT NULL OR file IS NOT NULL OR form IS NOT NULL)",
    { before, rest },
  );
  await inSlices(
    base,
    { table: "action", key: "id", isOver: "ended_at < ?1" },
    "UPDATE action SET parameters = '{}', turn_id = NULL WHERE parameters::text <> '{}'",
    { before, rest },
  );
  await base.write([], async ({ sql }) => {
    // Of what an agent wanted to know the answer is what somebody wrote.
    await sql(
      `UPDATE question SET title = '', options = '[]', choice = CASE kind WHEN 'ask' THEN NULL ELSE choice END
       WHERE ended_at < ? AND title <> ''`,
    ).run(before);
    await sql("UPDATE draft SET addressee = '', drafted = NULL WHERE ended_at < ? AND addressee <> ''").run(
      before,
    );
    await sql(
      "UPDATE pairing SET text = '' WHERE requested_at < ?1 AND text <> '' AND (state <> 'pending' OR expires_at < ?1)",
    ).run(before);
    await sql(
      "UPDATE schedule SET item = (item::jsonb - '{text,runs,file}'::text[])::json WHERE ended_at < ?",
    ).run(before);
  });
  return inSlices(
    base,
    { table: "journal", key: "id", isOver: "received_at < ?1 AND state IN ('done', 'failed')" },
    `UPDATE journal SET body = ((body::jsonb || '{"text": "", "attachments": []}') - '{replyTo,poll}'::text[]
       #- '{change,before}' #- '{change,text}')::json
     WHERE (body ->> 'text' <> '' OR json_array_length(body -> 'attachments') > 0
         OR body -> 'replyTo' IS NOT NULL OR body -> 'poll' IS NOT NULL OR body #> '{change,before}' IS NOT NULL)`,
    { before, rest },
  );
}

/**
 * Goes through what an earlier time has not gone through: up to the first row that is to be kept still, everything was taken.
 * @param isOver what is old enough and has ended, by the time @returns how many rows were changed
 */
async function inSlices(
  { sql, write }: Base,
  { table, key, isOver }: { table: "journal" | "turn" | "outbox" | "action"; key: string; isOver: string },
  update: string,
  { before, rest }: { before: number; rest: Rest },
): Promise<number> {
  const newest = Number((await sql(`SELECT max(${key}) AS newest FROM ${table}`).get())?.newest ?? 0);
  const done = "SELECT up_to FROM forgotten WHERE name = ?";
  let changed = 0;
  let from = Number((await sql(done).get(table))?.up_to ?? 0) + 1;
  for (; from <= newest; from += slice) {
    if (!(await rest())) break;
    changed += await write([], async (tx) => {
      const to = Math.min(newest, from + slice - 1);
      const range = `${key} BETWEEN ?2 AND ?3`;
      const taken = await tx.sql(`${update} AND ${isOver} AND ${range}`).run(before, from, to);
      // One that is kept stops the count there: it is looked at again the next time, with all that follows.
      const kept = await tx
        .sql(`SELECT min(${key}) AS first FROM ${table} WHERE ${range} AND NOT coalesce(${isOver}, FALSE)`)
        .get(before, from, to);
      const upTo = kept!.first === null ? to : Number(kept!.first) - 1;
      if (Number((await tx.sql(done).get(table))?.up_to ?? 0) === from - 1 && upTo >= from)
        await tx
          .sql(
            "INSERT INTO forgotten (name, up_to) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET up_to = excluded.up_to",
          )
          .run(table, upTo);
      return taken;
    });
  }
  return changed;
}
