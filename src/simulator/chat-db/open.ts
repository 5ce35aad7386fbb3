import { randomBytes } from "node:crypto";
import { existsSync, linkSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type Database, errnoOf, openDatabase } from "../../platform/index.js";
import { schema } from "./schema.js";

/**
 * Opens a `chat.db`, and makes an empty one in Apple's layout first when there is no file. An existing file is taken as
 * it is, also an empty one: real imsg fails on that in its own way (protocol reference 12, row 8).
 * @throws SQLite's error when the folder is missing or the file cannot be opened
 */
export function openChatDb(path: string): Database {
  if (!existsSync(path)) create(path);
  const database = openDatabase(path, { busyTimeoutMs: 5000 });
  // A simulated world needs to survive its processes, not a power cut.
  database.exec("PRAGMA synchronous = OFF");
  return database;
}

/** Several processes may do this at once: each builds its own file, and the first to link it wins. */
function create(path: string): void {
  const draft = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}`);
  try {
    const database = openDatabase(draft);
    database.exec(`PRAGMA journal_mode = WAL; BEGIN; ${schema} COMMIT`);
    database.close();
    linkSync(draft, path);
  } catch (error) {
    if (errnoOf(error) !== "EEXIST") throw error;
  } finally {
    for (const suffix of ["", "-wal", "-shm"]) rmSync(draft + suffix, { force: true });
  }
}
