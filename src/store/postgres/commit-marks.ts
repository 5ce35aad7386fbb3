import { randomUUID } from "node:crypto";
import type { Connections } from "./server.js";
import { noteWriterSql } from "./settled.js";
import type { Tx } from "./statements.js";

/** The server's clock, milliseconds since the epoch. */
const now = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";
/** A process that died leaves its row: it is of no use to anybody after so long, milliseconds. */
const keptMs = 30 * 86_400_000;

/**
 * By which a process finds out what became of a commit whose answer was lost: a row of its own, which each of its transactions sets to a mark
 * that no other one ever has. The number of a transaction would not do: a server that crashed, and a standby that takes its place, give
 * numbers anew of which they kept nothing. Nobody reads the table in a transaction that writes, so that it brings none in conflict.
 */
export class CommitMarks {
  readonly #process = randomUUID();
  #isThere = false;

  constructor(private readonly server: Connections) {}

  /** Sets a mark that was never there; a transaction begins with it, for it also tells who is writing (`settled.ts`). @returns the mark */
  async set({ sql }: Tx): Promise<string> {
    const mark = randomUUID();
    await sql(
      `INSERT INTO commit_mark (process, mark, set_at) VALUES (?, ?, ${now})
       ON CONFLICT (process) DO UPDATE SET mark = EXCLUDED.mark, set_at = EXCLUDED.set_at RETURNING ${noteWriterSql}`,
    ).get(this.#process, mark);
    this.#isThere = true;
    return mark;
  }

  /**
   * Whether the newest transaction of this process was kept. It writes the row itself: so it waits for one that is still under way, be it
   * the first of this process.
   * @param mark of that transaction @throws what the server or the way to it says; it is to be asked again then
   */
  async isKept(mark: string): Promise<boolean> {
    const readers = await this.server.readers();
    const { rows } = await readers.query(
      `INSERT INTO commit_mark (process, mark, set_at) VALUES ($1, '', ${now})
       ON CONFLICT (process) DO UPDATE SET set_at = EXCLUDED.set_at RETURNING mark`,
      [this.#process],
    );
    return rows[0].mark === mark;
  }

  /** Removes the row of this process, which commits no more, and those that others left behind. @throws what the server says */
  async remove(): Promise<void> {
    if (!this.#isThere) return;
    const readers = await this.server.readers();
    await readers.query(`DELETE FROM commit_mark WHERE process = $1 OR set_at < ${now} - $2::bigint`, [
      this.#process,
      keptMs,
    ]);
  }
}
