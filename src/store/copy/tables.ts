/**
 * The tables of a state, in the order in which they are copied. Readers of events come last: while there are none, the triggers of the
 * file write no events. What a store counts for itself (`outbox_count`), its version, who works
 * on it (`node`, `commit_mark`), and what turns ask of other machines while they run (`errand`, `blob`) are not copied.
 */
export const copiedTables = [
  "account",
  "journal",
  "session",
  "turn",
  "turn_person",
  "limit_told",
  "outbox",
  "action",
  "pairing",
  "approval",
  "opt_out",
  "enrolment",
  "enrolment_guess",
  "schedule",
  "notice",
  "own_address",
  "question",
  "question_place",
  "draft",
  "binding",
  "session_settings",
  "token",
  "forgotten",
  "event",
  "event_gap",
  "event_reader",
] as const;

export type CopiedTable = (typeof copiedTables)[number];

/** What stands in a column, the same from both stores. */
export type Cell = string | number | null;

/** A table as one side has it. */
export interface Shape {
  columns: string[];
  /** Columns that tell its rows apart and in whose order they are read; none: it is read at once. */
  key: string[];
}

/** A place that a state is copied from or to, for as long as that takes. */
export interface Side {
  /** How a table is there. */
  shapeOf(table: CopiedTable): Promise<Shape>;
  /** Some rows of a table, in the order of its key. @param after the key of the last row that was read */
  rowsOf(table: CopiedTable, shape: Shape, after: Cell[] | undefined): Promise<Cell[][]>;
  /** The highest id that an event was given. */
  lastEvent(): Promise<number>;
}

/** A side that is written. Nothing of it is kept before `keep`. */
export interface WrittenSide extends Side {
  /** Adds rows. */
  add(table: CopiedTable, columns: readonly string[], rows: readonly Cell[][]): Promise<void>;
  /** Has everything counted that is given numbers or is counted. @param lastEvent the highest id that an event was given */
  settle(lastEvent: number): Promise<void>;
}

/** Rows that are read and written at once. */
export const slice = 500;

/** SQL: some rows of a table; the values are those of the key of the last row that was read. */
export function pageOf(table: string, { columns, key }: Shape, isFirst: boolean): string {
  const names = columns.map((column) => `"${column}"`).join(", ");
  if (key.length === 0) return `SELECT ${names} FROM ${table}`;
  const keys = key.map((column) => `"${column}"`).join(", ");
  const after = isFirst ? "" : `WHERE (${keys}) > (${key.map(() => "?").join(", ")})`;
  return `SELECT ${names} FROM ${table} ${after} ORDER BY ${keys} LIMIT ${slice}`;
}

/** Events whose subject is a number; the file keeps it as one, a server as text. */
export const numberedSubjects: readonly Cell[] = ["message", "decision", "sent", "pairing"];
