import type { Tx } from "./statements.js";

const key = "hashtext('tapback journal ' || current_schema())";
/** Of a number, as far as a lock can name it. */
const mask = 2147483647;

/**
 * What each writing transaction begins with: it has a shared lock, which holds up nobody, until its commit is seen. The lock names the last
 * number that was given to a row of the journal before, so that whoever reads knows that all it may still keep is numbered behind it.
 */
export const noteWriterSql = `pg_advisory_xact_lock_shared(${key}, (coalesce(pg_sequence_last_value('journal_id_seq'), 0) & ${mask})::int)`;

/** As the contract's `placedUpTo` of all accounts: rows are read as of the beginning of the statement, and then who is writing still. */
export async function settledUpTo({ sql }: Tx): Promise<number> {
  const row = await sql(
    `SELECT least(
       (SELECT coalesce(max(id), 0) FROM journal),
       (SELECT min(objid::bigint) FROM pg_locks
        WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND classid::bigint = ${key}::bigint & 4294967295
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))) AS id`,
  ).get();
  return Number(row!.id);
}
