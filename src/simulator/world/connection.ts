import type { Database, Statement } from "../../platform/index.js";
import { openChatDb, openChatDbInMemory } from "../chat-db/open.js";
import type { Macos } from "../chat-db/schema/schema.js";

/** A database with its statements, each prepared once. */
export interface Connection {
  /** @throws SQLite's error when it was closed */
  readonly database: Database;
  /** @throws as {@link database} */
  sql(text: string): Statement;
  /** What is asked of it from then on throws. */
  close(): void;
}

/** A database in memory, and how many hold it. */
export interface SharedDatabase {
  connection: Connection;
  holders: number;
}

/**
 * Opens a database: its file, or what is kept in memory, which everything in this process shares: nothing here waits within a
 * transaction.
 * @param macos whose layout a new one gets
 * @param kept the databases in memory by their paths; absent: they are files
 * @throws SQLite's error when the file cannot be opened
 */
export function connect(path: string, macos: Macos, kept?: Map<string, SharedDatabase>): Connection {
  if (kept === undefined) return connectionTo(openChatDb(path, macos));
  const shared = kept.get(path) ?? { connection: connectionTo(openChatDbInMemory(macos)), holders: 0 };
  kept.set(path, shared);
  shared.holders++;
  let isOpen = true;
  // Who closed it is refused, though others have it still: an imsg that ended writes nothing any more.
  const held = (): Connection => {
    if (!isOpen) throw new Error("database is not open");
    return shared.connection;
  };
  return {
    get database() {
      return held().database;
    },
    sql: (text) => held().sql(text),
    close() {
      const { close } = held();
      isOpen = false;
      if (--shared.holders > 0) return;
      kept.delete(path);
      close();
    },
  };
}

function connectionTo(database: Database): Connection {
  const statements = new Map<string, Statement>();
  return {
    database,
    sql(text) {
      let statement = statements.get(text);
      if (statement === undefined) {
        statement = database.prepare(text);
        statements.set(text, statement);
      }
      return statement;
    },
    close: () => database.close(),
  };
}
