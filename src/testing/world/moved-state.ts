import { existsSync } from "node:fs";
import { join } from "node:path";
import { openDatabase } from "../../platform/index.js";

/**
 * Names the files that wait to be sent where they lie now: a state that a dead life left is a copy in another folder, which
 * the state directory of a real gateway never is.
 * @param from the folder that the state lay in before
 */
export function moveWaitingFiles(stateDir: string, from: string): void {
  const path = join(stateDir, "state.db");
  if (!existsSync(path)) return;
  if (!hasFiles(path)) return;
  const database = openDatabase(path);
  database
    .prepare("UPDATE outbox SET file = ? || substr(file, ?) WHERE substr(file, 1, ?) = ?")
    .run(stateDir, from.length + 1, from.length + 1, `${from}/`);
  database.close();
}

/** Looked at without a write: what the log holds stays there. */
function hasFiles(path: string): boolean {
  const database = openDatabase(path, { readOnly: true });
  try {
    return database.prepare("SELECT 1 FROM outbox WHERE file IS NOT NULL LIMIT 1").get() !== undefined;
  } catch {
    // It died while it made its database.
    return false;
  } finally {
    database.close();
  }
}
