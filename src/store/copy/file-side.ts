import type { Database, SqlValue } from "../../platform/index.js";
import { type Prepare, preparer } from "../sqlite/statements.js";
import {
  type Cell,
  type CopiedTable,
  numberedSubjects,
  pageOf,
  type Shape,
  type WrittenSide,
} from "./tables.js";

/** A state in a file. The caller has begun the transaction. */
export class FileSide implements WrittenSide {
  readonly #sql: Prepare;

  constructor(database: Database) {
    this.#sql = preparer(database);
  }

  async shapeOf(table: CopiedTable): Promise<Shape> {
    const columns = this.#sql(`SELECT name, pk FROM pragma_table_info('${table}') ORDER BY cid`).all();
    const key = columns
      .filter(({ pk }) => Number(pk) > 0)
      .sort((one, other) => Number(one.pk) - Number(other.pk));
    return { columns: columns.map(({ name }) => String(name)), key: key.map(({ name }) => String(name)) };
  }

  async rowsOf(table: CopiedTable, shape: Shape, after: Cell[] | undefined): Promise<Cell[][]> {
    const rows = this.#sql(pageOf(table, shape, after === undefined)).all(...(after ?? []));
    return rows.map((row) => shape.columns.map((column) => cellOf(table, column, row[column]!)));
  }

  async lastEvent(): Promise<number> {
    return Number(this.#sql("SELECT seq FROM sqlite_sequence WHERE name = 'event'").get()!.seq);
  }

  async add(table: CopiedTable, columns: readonly string[], rows: readonly Cell[][]): Promise<void> {
    // What an empty state has there already is the other one's to say.
    if (table === "event_gap") this.#sql("DELETE FROM event_gap").run();
    const names = columns.map((column) => `"${column}"`).join(", ");
    const insert = this.#sql(`INSERT INTO ${table} (${names}) VALUES (${columns.map(() => "?").join(", ")})`);
    const [type, subject] = [columns.indexOf("type"), columns.indexOf("subject")];
    for (const row of rows) {
      const isNumbered = table === "event" && numberedSubjects.includes(row[type]!) && row[subject] !== null;
      insert.run(...row.map((cell, place) => (isNumbered && place === subject ? Number(cell) : cell)));
    }
  }

  async settle(lastEvent: number): Promise<void> {
    this.#sql("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = 'event'").run(lastEvent);
  }
}

function cellOf(table: CopiedTable, column: string, value: SqlValue): Cell {
  if (table === "event" && column === "subject" && value !== null) return String(value);
  return typeof value === "bigint" ? Number(value) : (value as Cell);
}
