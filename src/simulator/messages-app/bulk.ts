import type { World } from "../world/world.js";

/** From so many rows on, indexes are made faster at the end than kept meanwhile. */
const many = 50_000;

/**
 * Writes many messages in one transaction. Indexes, and the trigger that keeps room names, are put aside meanwhile and made
 * again in it, so that no other process sees a database without them.
 * @param rows how many are written; with few, nothing is put aside
 * @param work writes `cache_roomnames` itself
 */
export function writeInBulk<T>(world: World, rows: number, work: () => T): T {
  if (rows < many) return world.write(work);
  const [before] = world.sql("PRAGMA cache_size").all();
  world.sql(`PRAGMA cache_size = ${-256 * 1024}`).all();
  try {
    return world.write(() => {
      const aside = world
        .sql(
          `SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name IN ('message', 'chat_message_join')
           AND (type = 'index' OR name = 'after_insert_on_chat_message_join')`,
        )
        .all();
      for (const { type, name } of aside) world.sql(`DROP ${type} "${name}"`).run();
      const result = work();
      for (const { sql } of aside) world.sql(String(sql)).run();
      return result;
    });
  } finally {
    world.sql(`PRAGMA cache_size = ${before?.cache_size ?? -2000}`).all();
    // Readers would look through a journal as long as the database.
    world.sql("PRAGMA wal_checkpoint(TRUNCATE)").all();
  }
}
