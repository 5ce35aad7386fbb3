import { randomBytes } from "node:crypto";
import { existsSync, linkSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type Database, errnoOf, openDatabase } from "../../platform/index.js";
import { type Macos, schemaOf } from "./schema/schema.js";
import { functionsOfMessages } from "./schema/triggers.js";

/** They do nothing: what a transaction that is rolled back has removed, it could not bring back. */
const functions = Object.fromEntries(functionsOfMessages.map((name) => [name, () => null]));

/**
 * Opens a `chat.db`, and makes an empty one in Apple's layout first when there is no file. An existing file is taken as
 * it is, also an empty one: real imsg fails on that in its own way (protocol reference 12, row 8).
 * @param macos whose layout a new file gets
 * @throws SQLite's error when the folder is missing or the file cannot be opened
 */
export function openChatDb(path: string, macos: Macos = "15"): Database {
  if (!existsSync(path)) create(path, macos);
  const database = openDatabase(path, { busyTimeoutMs: 5000, functions });
  // A simulated world needs to survive its processes, not a power cut.
  database.exec("PRAGMA synchronous = OFF");
  // A database of many years is read as quickly as a small one: its rows lie far apart, and not all of them fit into the cache.
  database.exec(`PRAGMA mmap_size = ${2 ** 31}`);
  return database;
}

/** Makes an empty database in memory, of which no file is left. @param macos whose layout it gets */
export function openChatDbInMemory(macos: Macos): Database {
  const database = openDatabase(":memory:", { functions });
  database.exec(`BEGIN; ${schemaOf(macos)} COMMIT`);
  return database;
}

/** Whose layout an open database has, told by its columns; an empty file is taken for the older one. */
export function macosOf(database: Database): Macos {
  const found = database
    .prepare("SELECT 1 FROM pragma_table_info('message') WHERE name = 'ck_chat_id'")
    .get();
  return found === undefined ? "15" : "26";
}

/** Several processes may do this at once: each builds its own file, and the first to link it wins. */
function create(path: string, macos: Macos): void {
  const draft = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}`);
  try {
    const database = openDatabase(draft);
    database.exec(`PRAGMA synchronous = OFF; PRAGMA journal_mode = WAL; BEGIN; ${schemaOf(macos)} COMMIT`);
    database.close();
    linkSync(draft, path);
  } catch (error) {
    if (errnoOf(error) !== "EEXIST") throw error;
  } finally {
    for (const suffix of ["", "-wal", "-shm"]) rmSync(draft + suffix, { force: true });
  }
}
