import type { Database, SqlValue } from "../../../src/platform/index.js";
import { type CopiedTable, copiedTables } from "../../../src/store/copy/tables.js";
import { openStateDatabase } from "../../../src/store/index.js";
import type { PgDatabase } from "./database.js";

/** How much of a table is here. */
interface Seen {
  /** What the server counted of commits when it was last looked at. */
  change: number;
  /** The first transaction of which nothing was seen. */
  next: number;
}

/**
 * The state on a server, to be read as that of a file is: each table is brought up to date when somebody asks for it, so that an invariant
 * has one set of statements for both.
 */
export class Mirror {
  readonly #file: Database;
  readonly #seen = new Map<CopiedTable, Seen>();
  readonly #columns = new Map<CopiedTable, string[]>();

  /**
   * @param path of a file for it
   * @param changes counts the commits
   * @param isBusy whether a transaction is open: then what was seen before is all that there is
   */
  constructor(
    path: string,
    private readonly database: PgDatabase,
    private readonly changes: () => number,
    private readonly isBusy: () => boolean,
  ) {
    this.#file = openStateDatabase(path);
    this.#file.exec("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY; PRAGMA foreign_keys = OFF");
    const made = this.#file.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").all();
    for (const { name } of made) this.#file.exec(`DROP TRIGGER "${name}"`);
  }

  /** To read it. */
  get state(): Database {
    return {
      exec: (sql) => this.#file.exec(sql),
      close: () => {},
      prepare: (sql) => {
        const tables = copiedTables.filter((table) => new RegExp(`\\b${table}\\b`).test(sql));
        const statement = this.#file.prepare(sql);
        const fresh = () => {
          for (const table of tables) this.#refresh(table);
          return statement;
        };
        return {
          run: (...values: SqlValue[]) => fresh().run(...values),
          get: (...values: SqlValue[]) => fresh().get(...values),
          all: (...values: SqlValue[]) => fresh().all(...values),
          setReadBigInts: (enabled) => statement.setReadBigInts(enabled),
        };
      },
    };
  }

  close(): void {
    this.#file.close();
  }

  #refresh(table: CopiedTable): void {
    const change = this.changes();
    const seen = this.#seen.get(table);
    if (seen?.change === change || this.isBusy()) return;
    if (this.database.rows(`SELECT to_regclass('${table}') IS NOT NULL AS known`)[0]!.known !== 1) return;
    const next = Number(
      this.database.rows("SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS xid")[0]!.xid,
    );
    this.#add(table, seen === undefined ? "" : `WHERE xmin::text::bigint >= ${seen.next}`);
    const count = (rows: Record<string, SqlValue>[]) => Number(rows[0]!.n);
    const sql = `SELECT count(*) AS n FROM ${table}`;
    if (
      count(this.database.rows(sql)) !== count(this.#file.prepare(sql).all() as Record<string, SqlValue>[])
    ) {
      this.#file.exec(`DELETE FROM ${table}`);
      this.#add(table, "");
    }
    this.#seen.set(table, { change, next });
  }

  #add(table: CopiedTable, where: string): void {
    let columns = this.#columns.get(table);
    if (columns === undefined) {
      const info = this.#file.prepare(`SELECT name FROM pragma_table_info('${table}')`).all();
      columns = info.map(({ name }) => String(name));
      this.#columns.set(table, columns);
    }
    const names = columns.map((name) => `"${name}"`).join(", ");
    const rows = this.database.rows(`SELECT ${names} FROM ${table} ${where}`);
    if (rows.length === 0) return;
    const marks = columns.map(() => "?").join(", ");
    const insert = this.#file.prepare(`INSERT OR REPLACE INTO ${table} (${names}) VALUES (${marks})`);
    this.#file.exec("BEGIN");
    for (const row of rows) insert.run(...columns.map((name) => row[name] ?? null));
    this.#file.exec("COMMIT");
  }
}
