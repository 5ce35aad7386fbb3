import { PGlite, protocol } from "@electric-sql/pglite";
import type { SqlValue } from "../../../src/platform/index.js";
import { fromJsonWords, fromWords } from "../../../src/store/postgres/words.js";
import { type Answer, answerIn } from "./wire.js";

/** By the numbers of the server's types, as the file has such a value. */
const valueFrom: Record<number, (text: string) => SqlValue> = {
  16: (text) => (text === "t" ? 1 : 0),
  17: (text) => Buffer.from(text.slice(2), "hex"),
  20: Number,
  21: Number,
  23: Number,
  25: fromWords,
  114: fromJsonWords,
  1700: Number,
};

interface Message {
  name: string;
  message?: string;
  fields?: ({ name: string; dataTypeID: number } | string | null)[];
}

let opened: Promise<PGlite> | undefined;

/**
 * PostgreSQL itself, compiled for this process: it answers at once, and its time is the process's own (`Date.now`). It has one session,
 * so that transactions follow each other.
 */
export class PgDatabase {
  private constructor(private readonly pglite: PGlite) {}

  /** Opens it, empty. Making one takes seconds: a process has one. @param schema that is used */
  static async open(schema: string): Promise<PgDatabase> {
    opened ??= PGlite.create();
    const database = new PgDatabase(await opened);
    database.rows("UNLISTEN *");
    database.rows(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
    database.rows("DEALLOCATE ALL");
    database.rows(`SET search_path = ${schema}`);
    database.rows("SET client_min_messages = error");
    // It lies in memory.
    database.rows("SET synchronous_commit = off");
    return database;
  }

  /** Has it answer one unit of a client's messages. */
  ask(unit: Buffer): Answer {
    return answerIn(Buffer.from(this.pglite.execProtocolRawSync(unit)));
  }

  /** Drops a prepared statement; one that was never made is none. */
  forget(name: string): void {
    const { serialize } = protocol;
    this.pglite.execProtocolRawSync(
      Buffer.concat(
        [serialize.close({ type: "S", name }), serialize.sync()].map((bytes) => Buffer.from(bytes)),
      ),
    );
  }

  /** What a query comes to. @throws what the database says */
  rows(sql: string): Record<string, SqlValue>[] {
    const rows: Record<string, SqlValue>[] = [];
    let columns: { name: string; dataTypeID: number }[] = [];
    let failed: string | undefined;
    const bytes = this.pglite.execProtocolRawSync(protocol.serialize.query(sql));
    new protocol.Parser().parse(bytes, (given) => {
      const { name, message, fields = [] } = given as Message;
      if (name === "error") failed ??= String(message);
      if (name === "rowDescription") columns = fields as typeof columns;
      if (name !== "dataRow") return;
      const row: Record<string, SqlValue> = {};
      for (const [at, column] of columns.entries()) {
        const text = fields[at] as string | null;
        row[column.name] = text === null ? null : (valueFrom[column.dataTypeID] ?? ((same) => same))(text);
      }
      rows.push(row);
    });
    if (failed !== undefined) throw new Error(`${failed}: ${sql.slice(0, 200)}`);
    return rows;
  }
}
