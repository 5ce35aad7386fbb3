import type { Database, SqlValue, Statement } from "../../platform/index.js";

/** Told of what a database is asked. */
export interface DatabaseWatcher {
  /** Before each statement that is carried out; what it throws is its answer. */
  before?(sql: string): void;
  /** After each statement that was carried out without values. */
  executed?(sql: string): void;
}

/** A database that a life of a gateway has until it ends: then it is closed, and whatever is asked of it fails. */
export class GuardedDatabase implements Database {
  #isClosed = false;

  constructor(
    private readonly database: Database,
    private readonly watcher: DatabaseWatcher,
    private readonly isForced: boolean,
  ) {}

  exec(sql: string): void {
    this.#check(sql);
    this.database.exec(
      !this.isForced && /^PRAGMA synchronous\b/.test(sql) ? "PRAGMA synchronous = OFF" : sql,
    );
    this.watcher.executed?.(sql);
  }

  prepare(sql: string): Statement {
    this.#check("");
    const statement = this.database.prepare(sql);
    const check = () => this.#check(sql);
    return {
      run: (...values: SqlValue[]) => {
        check();
        return statement.run(...values);
      },
      get: (...values: SqlValue[]) => {
        check();
        return statement.get(...values);
      },
      all: (...values: SqlValue[]) => {
        check();
        return statement.all(...values);
      },
      setReadBigInts: (enabled) => statement.setReadBigInts(enabled),
    };
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.database.close();
  }

  #check(sql: string): void {
    if (this.#isClosed) throw new Error("the process that had this database is dead");
    if (sql !== "") this.watcher.before?.(sql);
  }
}
