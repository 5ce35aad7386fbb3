import type { Database, Statement } from "../../platform/index.js";
import type { Topic } from "../changes.js";

/** Prepares each text once, at its first use. */
export type Prepare = (sql: string) => Statement;

/** @returns prepares a text at its first use, and gives the same statement from then on */
export function preparer(database: Database): Prepare {
  const prepared = new Map<string, Statement>();
  return (sql) => {
    let statement = prepared.get(sql);
    if (!statement) {
      statement = database.prepare(sql);
      prepared.set(sql, statement);
    }
    return statement;
  };
}

type Write = <T>(topics: readonly Topic[], work: () => T) => Promise<T>;

/** What every repository of the embedded store is made of. */
export interface Base {
  sql: Prepare;
  /** Commits; a power cut may still take it back (see `CommitQueue`). */
  write: Write;
  /** Commits, and the disk has it and everything before it: for what something outside sees next. */
  writeToDisk: Write;
  /** See `Store.toDisk`. */
  toDisk: () => Promise<void>;
}

/** A turn that runs, in the words of the index that has the open ones: SQLite does not see that one state is of the two. */
export const isRunning = "state IN ('queued', 'running') AND state = 'running'";
