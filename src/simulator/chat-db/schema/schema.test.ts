import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Database, openDatabase, type SqlValue } from "../../../platform/index.js";
import { indexesOf, type Macos, schemaOf } from "./schema.js";
import { functionsOfMessages } from "./triggers.js";

interface Column {
  name: string;
  type: string;
  default: string | null;
  not_null: boolean;
  pk: boolean;
}
interface Table {
  columns: Column[];
  rowid_autoincrement: boolean;
  unique?: string[][];
  primary_key?: string[];
  checks?: string[];
  foreign_keys?: { column: string; references: string; on_delete: string }[];
}
interface Index {
  name: string;
  table: string;
  columns: string[];
  unique: boolean;
  partial: string | null;
}
interface Layout {
  tables: Record<string, Table>;
  indexes: Index[];
}

const apple = JSON.parse(readFileSync("docs/spec/chat-db-schema.json", "utf8")) as {
  macos15: Layout & { triggers: { name: string; table: string; event: string }[] };
  macos26: Layout;
};

let database: Database;

function open(macos: Macos): void {
  const functions = Object.fromEntries(functionsOfMessages.map((name) => [name, () => null]));
  database = openDatabase(":memory:", { functions });
  database.exec(schemaOf(macos));
}

const all = (sql: string, ...values: SqlValue[]) => database.prepare(sql).all(...values);
const names = (sql: string, ...values: SqlValue[]) => all(sql, ...values).map(({ name }) => String(name));
const created = (name: string) =>
  String(database.prepare("SELECT sql FROM sqlite_master WHERE name = ?").get(name)?.sql ?? "");

/** A table as the open database has it, in the words of the file. */
function tableOf(name: string): Table {
  const sql = created(name);
  const columns = all("SELECT * FROM pragma_table_info(?) ORDER BY cid", name).map((row) => ({
    name: String(row.name),
    type: String(row.type),
    default: row.dflt_value === null ? null : String(row.dflt_value),
    not_null: row.notnull === 1,
    pk: Number(row.pk) > 0,
  }));
  const unique = all('SELECT name, origin FROM pragma_index_list(?) WHERE "unique" = 1', name)
    .filter(({ origin }) => origin === "u")
    .map((row) => names("SELECT name FROM pragma_index_info(?) ORDER BY seqno", String(row.name)));
  const keys = all("SELECT * FROM pragma_foreign_key_list(?) ORDER BY id DESC", name).map((row) => ({
    column: String(row.from),
    references: `${row.table}(${row.to})`,
    on_delete: String(row.on_delete),
  }));
  const primary = columns.filter(({ pk }) => pk).map((column) => column.name);
  return {
    columns,
    rowid_autoincrement: sql.includes("AUTOINCREMENT"),
    unique,
    ...(primary.length > 1 ? { primary_key: primary } : {}),
    ...(sql.includes("CHECK (delete_date != 0)") ? { checks: ["delete_date is not 0"] } : {}),
    ...(keys.length === 0 ? {} : { foreign_keys: keys }),
  };
}

const sorted = (lists: string[][] = []) => lists.map((list) => list.join()).sort();

describe.each(["15", "26"] as const)("a database of macOS %s", (macos) => {
  const layout = apple[`macos${macos}`];
  beforeAll(() => open(macos));
  afterAll(() => database.close());
  const wanted = Object.entries(layout.tables).filter(
    // Of one table of macOS 26.5 only names are known, of others a sentence says that they stay as they were.
    ([, table]) => typeof table === "object" && table.columns.every(({ type }) => type !== "(?)"),
  );

  it("has Apple's 18 tables and no other", () => {
    const known = [...new Set([...Object.keys(apple.macos15.tables), ...wanted.map(([name]) => name)])];
    expect(known).toHaveLength(18);
    expect(
      names("SELECT name FROM sqlite_master WHERE type = 'table' AND name != 'sqlite_sequence'").sort(),
    ).toEqual(known.sort());
  });

  it.each(wanted)("has table %s column by column", (name, table) => {
    const { note: _, unique, ...rest } = table as Table & { note?: string };
    const made = tableOf(name);
    expect({ ...made, unique: sorted(made.unique) }).toEqual({ ...rest, unique: sorted(unique) });
  });

  it("has Apple's indexes and no other", () => {
    const both = new Set(layout.indexes.map(({ name }) => name));
    const kept = apple.macos15.indexes.filter(
      ({ table, name }) => !both.has(name) && !(table in layout.tables),
    );
    const told = [...layout.indexes, ...kept, ...(macos === "26" ? processing : [])];
    expect(names("SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL").sort()).toEqual(
      told.map(({ name }) => name).sort(),
    );
    for (const index of told) {
      const columns = all(
        "SELECT name, desc, cid FROM pragma_index_xinfo(?) WHERE key = 1 ORDER BY seqno",
        index.name,
      );
      expect(
        columns.map(
          (row) =>
            `${row.cid === -1 ? "rowid" : String(row.name).replace("ROWID", "rowid")}${row.desc === 1 ? " DESC" : ""}`,
        ),
        index.name,
      ).toEqual(index.columns.map((column) => column.replace("ROWID", "rowid")));
      const sql = created(index.name);
      expect(sql, index.name).toContain(` ON ${index.table} `);
      expect(sql.split(" WHERE ")[1]?.replace(/\s+/g, " ") ?? null, index.name).toEqual(
        conditionOf(index.partial),
      );
    }
    expect(indexesOf(macos).match(/CREATE INDEX/g)).toHaveLength(told.length);
  });

  it("has Apple's triggers and no other", () => {
    const made = all("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name");
    expect(
      made.map(({ name, tbl_name, sql }) => ({
        name,
        table: tbl_name,
        event: /(AFTER|BEFORE) (INSERT|DELETE|UPDATE OF \w+)/.exec(String(sql))?.[0],
      })),
    ).toEqual(
      apple.macos15.triggers
        .map(({ name, table, event }) => ({ name, table, event }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    );
  });
});

/** The file names an index of macOS 15 on this table, and of 26 the table alone. */
const processing = apple.macos15.indexes.filter(({ table }) => table === "message_processing_task");

/** The condition of a partial index, in SQL. */
function conditionOf(words: string | null): string | null {
  if (words === null) return null;
  return words
    .split(", ")
    .map((part) => {
      const [column, ...rest] = part.replace(" is ", " ").split(" ");
      const values = rest.filter((word) => word !== "or");
      if (rest.join(" ") === "not null") return `${column} IS NOT NULL`;
      if (rest.join(" ") === "null") return `${column} IS NULL`;
      const written = values.map((value) => (/^\d+$/.test(value) ? value : `'${value}'`));
      return written.length > 1 ? `${column} IN (${written.join(", ")})` : `${column} = ${written[0]}`;
    })
    .join(" AND ");
}

describe("the triggers", () => {
  beforeEach(() => open("15"));
  afterEach(() => database.close());
  const insert = (sql: string, ...values: SqlValue[]) =>
    Number(database.prepare(sql).run(...values).lastInsertRowid);
  const message = (guid: string, more: Record<string, SqlValue> = {}) =>
    insert(
      `INSERT INTO message (guid${Object.keys(more)
        .map((name) => `, ${name}`)
        .join("")}) VALUES (?${", ?".repeat(Object.keys(more).length)})`,
      guid,
      ...Object.values(more),
    );
  const join = (chat: number, row: number) =>
    insert("INSERT INTO chat_message_join (chat_id, message_id, message_date) VALUES (?, ?, 1)", chat, row);
  const chat = (guid: string, room: string | null) =>
    insert("INSERT INTO chat (guid, room_name) VALUES (?, ?)", guid, room);
  const value = (sql: string, ...values: SqlValue[]) =>
    Object.values(database.prepare(sql).get(...values) ?? {})[0];

  it("keep the room names of a message while its joins come and go, and delete it with the last", () => {
    const [one, two, direct] = [chat("A", "chat1"), chat("B", "chat2"), chat("C", null)];
    const row = message("M");
    const rooms = () => value("SELECT cache_roomnames FROM message WHERE ROWID = ?", row);
    expect(rooms()).toBeNull();
    join(direct, row);
    expect(rooms()).toBeNull();
    join(one, row);
    join(two, row);
    expect(rooms()).toBe("chat1,chat2");
    const leave = (from: number) => insert("DELETE FROM chat_message_join WHERE chat_id = ?", from);
    leave(one);
    expect(rooms()).toBe("chat2");
    leave(two);
    leave(direct);
    expect(value("SELECT count(*) FROM message")).toBe(0);
    expect(names("SELECT guid AS name FROM deleted_messages")).toEqual(["M"]);
    expect(names("SELECT guid AS name FROM sync_deleted_messages")).toEqual(["M"]);
  });

  it("keep what Recently Deleted still names", () => {
    const where = chat("A", null);
    const row = message("M");
    join(where, row);
    insert(
      "INSERT INTO chat_recoverable_message_join (chat_id, message_id, delete_date) VALUES (?, ?, 5)",
      where,
      row,
    );
    insert("DELETE FROM chat_message_join");
    expect(value("SELECT count(*) FROM message")).toBe(1);
    insert("DELETE FROM chat_recoverable_message_join");
    expect(value("SELECT count(*) FROM message")).toBe(0);
  });

  it("mark messages with files, and delete a file with the last message that has it", () => {
    const [one, two] = [message("M"), message("N")];
    const file = insert("INSERT INTO attachment (guid) VALUES ('F')");
    for (const row of [one, two])
      insert("INSERT INTO message_attachment_join (message_id, attachment_id) VALUES (?, ?)", row, file);
    expect(value("SELECT min(cache_has_attachments) FROM message")).toBe(1);
    insert("DELETE FROM message WHERE ROWID = ?", one);
    expect(value("SELECT count(*) FROM attachment")).toBe(1);
    insert("DELETE FROM message WHERE ROWID = ?", two);
    expect(value("SELECT count(*) FROM attachment")).toBe(0);
    expect(names("SELECT guid AS name FROM sync_deleted_attachments")).toEqual(["F"]);
  });

  it("carry a changed date to the joins, and note the last failure", () => {
    const row = message("M", { date: 1 });
    join(chat("A", null), row);
    insert("UPDATE message SET date = 7, error = 22");
    expect(value("SELECT message_date FROM chat_message_join")).toBe(7);
    expect(value("SELECT value FROM kvtable WHERE key = 'lastFailedMessageRowID'")).toBe(row);
    message("N", { date: 3 });
    insert("UPDATE message SET error = 22 WHERE guid = 'N'");
    expect(value("SELECT value FROM kvtable WHERE key = 'lastFailedMessageRowID'")).toBe(row);
  });

  it("delete a handle that nothing names any more, and the messages of a chat with it", () => {
    const mia = insert("INSERT INTO handle (id, service) VALUES ('mia', 'iMessage')");
    const where = chat("A", null);
    insert("INSERT INTO chat_handle_join (chat_id, handle_id) VALUES (?, ?)", where, mia);
    join(where, message("M", { handle_id: mia, balloon_bundle_id: "com.example" }));
    insert("DELETE FROM chat_handle_join");
    expect(value("SELECT count(*) FROM handle")).toBe(1);
    insert("DELETE FROM chat");
    expect(value("SELECT count(*) FROM message")).toBe(0);
    expect(value("SELECT count(*) FROM handle")).toBe(0);
  });
});
