import { messageOf, TapbackError } from "./errors.js";
import { loadPackage } from "./load-package.js";

/** A value that SQLite stores. */
export type SqlValue = null | number | bigint | string | Uint8Array;

/** A prepared statement, as `node:sqlite` has it. Rows have a null prototype. */
export interface Statement {
  /** Carries it out and gives no rows. */
  run(...values: SqlValue[]): { changes: number | bigint; lastInsertRowid: number | bigint };
  /** @returns the first row */
  get(...values: SqlValue[]): Record<string, SqlValue> | undefined;
  /** @returns all rows */
  all(...values: SqlValue[]): Record<string, SqlValue>[];
  /** Integers come back as BigInt from now on: Apple's dates exceed 2^53. */
  setReadBigInts(enabled: boolean): void;
}

/** An open database, as `node:sqlite` has it. */
export interface Database {
  /** Carries out statements that take no values and give no rows. */
  exec(sql: string): void;
  /** Prepares one statement; of several texts only the first is taken. */
  prepare(sql: string): Statement;
  /** Closes the file; statements of it throw from then on. */
  close(): void;
}

type SqlFunction = (...values: SqlValue[]) => SqlValue;

type DatabaseSync = new (
  path: string,
  options?: { readOnly?: boolean; timeout?: number },
) => Database & { function(name: string, options: { varargs: boolean }, work: SqlFunction): void };

let implementation: DatabaseSync | undefined;

/**
 * Opens a SQLite database: with Node's own module where it exists (22.13 and later), else with the package that
 * brings the same interface with its binaries (Node 20).
 * @param options.readOnly refuses writes and does not create the file
 * @param options.busyTimeoutMs how long a statement waits for another process's lock, milliseconds
 * @param options.functions what statements and triggers of this connection may call, by name
 * @throws SQLite's error, e.g. `unable to open database file`
 */
export function openDatabase(
  path: string,
  options: { readOnly?: boolean; busyTimeoutMs?: number; functions?: Record<string, SqlFunction> } = {},
): Database {
  implementation ??= load();
  const database = new implementation(path, { readOnly: options.readOnly ?? false });
  database.exec(`PRAGMA busy_timeout = ${options.busyTimeoutMs ?? 5000}`);
  for (const [name, work] of Object.entries(options.functions ?? {}))
    database.function(name, { varargs: true }, work);
  return database;
}

function load(): DatabaseSync {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 13)) {
    withoutExperimentalWarning();
    return (process.getBuiltinModule("node:sqlite") as { DatabaseSync: DatabaseSync }).DatabaseSync;
  }
  return ownBinary();
}

/**
 * @throws TapbackError `SQLITE_UNAVAILABLE` on a machine that the package has no binary for
 */
function ownBinary(): DatabaseSync {
  try {
    return endingTransactions(loadPackage("@photostructure/sqlite").DatabaseSync as unknown as DatabaseSync);
  } catch (error) {
    throw new TapbackError(
      "SQLITE_UNAVAILABLE",
      `SQLite cannot be loaded: ${messageOf(error).split("\n", 1)[0]}`,
      {
        hint: "Node 22.13 and later bring SQLite along and run on any machine: install one of them.",
        cause: error,
      },
    );
  }
}

/**
 * The package leaves a closed connection to its statements until these are collected, and with it the lock of a transaction that was
 * not ended. Node's own module ends both at once.
 */
function endingTransactions(Base: DatabaseSync): DatabaseSync {
  return class extends Base {
    declare readonly isTransaction: boolean;

    override close(): void {
      try {
        if (this.isTransaction) this.exec("ROLLBACK");
      } finally {
        super.close();
      }
    }
  };
}

/** Node 22 warns once that its SQLite is experimental; people can do nothing about that, so it is not shown. */
function withoutExperimentalWarning(): void {
  const emit = process.emitWarning;
  process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
    if (String(warning).includes("SQLite is an experimental feature")) return;
    (emit as (...all: unknown[]) => void).call(process, warning, ...rest);
  }) as typeof process.emitWarning;
}
