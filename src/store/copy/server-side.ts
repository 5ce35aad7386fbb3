import type { Client } from "pg";
import type { Connections } from "../postgres/server.js";
import type { Tx } from "../postgres/statements.js";
import { jsonText } from "../postgres/words.js";
import {
  type Cell,
  type CopiedTable,
  copiedTables,
  pageOf,
  type Shape,
  slice,
  type WrittenSide,
} from "./tables.js";

/** A state on a server. The caller has begun the transaction. */
export class ServerSide implements WrittenSide {
  readonly #tx: Tx;
  readonly #json = new Map<string, Set<string>>();

  constructor({ statements }: Pick<Connections, "statements">, client: Client) {
    this.#tx = statements.over(client);
  }

  async shapeOf(table: CopiedTable): Promise<Shape> {
    const { sql } = this.#tx;
    const columns = await sql(
      `SELECT column_name::text AS name, data_type = 'json' AS is_json FROM information_schema.columns
       WHERE table_schema = current_schema() AND table_name = ? ORDER BY ordinal_position`,
    ).all(table);
    const key = await sql(
      `SELECT a.attname::text AS name FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
       WHERE i.indrelid = to_regclass(?) AND i.indisprimary ORDER BY array_position(i.indkey::int2[], a.attnum)`,
    ).all(table);
    const asJson = columns.filter(({ is_json }) => (is_json as unknown) === true);
    this.#json.set(table, new Set(asJson.map(({ name }) => String(name))));
    return { columns: columns.map(({ name }) => String(name)), key: key.map(({ name }) => String(name)) };
  }

  async rowsOf(table: CopiedTable, shape: Shape, after: Cell[] | undefined): Promise<Cell[][]> {
    const rows = await this.#tx.sql(pageOf(table, shape, after === undefined)).all(...(after ?? []));
    return rows.map((row) => shape.columns.map((column) => row[column] as Cell));
  }

  async lastEvent(): Promise<number> {
    return Number((await this.#tx.sql("SELECT last_value FROM event_id").get())!.last_value);
  }

  /** Changes are not told and not counted while they are copied. */
  async begin(): Promise<void> {
    for (const table of copiedTables) await this.#tx.sql(`ALTER TABLE ${table} DISABLE TRIGGER USER`).run();
    await this.#tx.sql("DELETE FROM event_gap").run();
  }

  async add(table: CopiedTable, columns: readonly string[], rows: readonly Cell[][]): Promise<void> {
    const json = this.#json.get(table)!;
    const names = columns.map((column) => `"${column}"`).join(", ");
    const row = `(${columns.map(() => "?").join(", ")})`;
    // A statement takes 65,535 values at most.
    const most = Math.min(slice, Math.floor(60_000 / columns.length));
    for (let from = 0; from < rows.length; from += most) {
      const some = rows.slice(from, from + most);
      const values = some.flatMap((cells) =>
        cells.map((cell, place) =>
          json.has(columns[place]!) && cell !== null ? jsonText(String(cell)) : cell,
        ),
      );
      await this.#tx
        .sql(`INSERT INTO ${table} (${names}) VALUES ${some.map(() => row).join(", ")}`)
        .run(...values);
    }
  }

  async settle(lastEvent: number): Promise<void> {
    const { sql } = this.#tx;
    const numbered = await sql(
      `SELECT table_name::text AS name, column_name::text AS id FROM information_schema.columns
       WHERE table_schema = current_schema() AND is_identity = 'YES'`,
    ).all();
    for (const { name, id } of numbered)
      await sql(
        `SELECT setval(pg_get_serial_sequence('${name}', '${id}'), (SELECT coalesce(max(${id}), 0) + 1 FROM ${name}), false)`,
      ).get();
    await sql("SELECT setval('event_id', ?1::bigint, true) WHERE ?1::bigint > 0").get(lastEvent);
    await sql("DELETE FROM outbox_count").run();
    await sql(
      `INSERT INTO outbox_count (account, state, slot, items, delivered, read, downgraded, failed)
       SELECT account, state, 0, count(*), count(delivery ->> 'deliveredAt'), count(delivery ->> 'readAt'),
         count(*) FILTER (WHERE delivery ->> 'downgraded' = 'true'), count(*) FILTER (WHERE delivery ->> 'failed' = 'true')
       FROM outbox GROUP BY account, state`,
    ).run();
    for (const table of copiedTables) await sql(`ALTER TABLE ${table} ENABLE TRIGGER USER`).run();
  }
}
