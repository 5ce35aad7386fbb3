import type { World } from "../world/world.js";

/** The newest row; 0 in an empty database. */
export function maxRowId(world: World): number {
  return Number(world.sql("SELECT max(ROWID) AS id FROM message").get()?.id ?? 0);
}
