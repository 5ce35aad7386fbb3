import { type MessageRecord, readRows } from "../reading/messages.js";
import type { World } from "../world/world.js";
import { maxRowId } from "./newest-row.js";

/** A message can be changed for some minutes only: so many rows back is looked. */
const lookedRows = 10_000;

/** Finds messages that were edited or unsent since it was made: imsg reports them since 0.19.0 (protocol reference 25). */
export class EditWatch {
  /** Milliseconds since 2001 of the newest change that was told, and whose it is. */
  #last = 0;
  readonly #told = new Map<number, number>();

  constructor(private readonly world: World) {
    for (const { id, at } of this.#rows(maxRowId(world))) {
      this.#told.set(id, at);
      this.#last = Math.max(this.#last, at);
    }
  }

  /** Rows that were changed since the last look. @param upTo only rows up to this one */
  since(upTo: number): MessageRecord[] {
    const changed = this.#rows(upTo).filter(({ id, at }) => this.#told.get(id) !== at);
    for (const { id, at } of changed) {
      this.#told.set(id, at);
      this.#last = Math.max(this.#last, at);
    }
    return changed.flatMap(({ id }) => readRows(this.world, "WHERE m.ROWID = ?", id));
  }

  #rows(upTo: number): { id: number; at: number }[] {
    return this.world
      .sql(
        `SELECT ROWID AS id, ${editedMs} AS at FROM message m
         WHERE m.date_edited > 0 AND ${editedMs} >= ? AND ROWID > ? AND ROWID <= ? ORDER BY m.date_edited, ROWID`,
      )
      .all(this.#last, upTo - lookedRows, upTo)
      .map((row) => ({ id: Number(row.id), at: Number(row.at) }));
  }
}

const editedMs = "CAST(m.date_edited / 1000000 AS INTEGER)";
