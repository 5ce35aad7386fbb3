import { chmodSync, existsSync } from "node:fs";
import { openDatabase, TapbackError, withStorageFaults } from "../../platform/index.js";
import { asStoreError } from "./commit-queue.js";

/**
 * Copies the state as it is at one moment, also while a gateway writes: all that was committed by then, and nothing of
 * what was not. The version of its schema stays.
 * @param into absolute; must not exist; in a folder that is this user's alone
 * @returns false when there is no state
 * @throws `STORE_UNAVAILABLE`, `STORE_DAMAGED`, `STORE_FULL`
 */
export function copyState(path: string, into: string): boolean {
  if (!existsSync(path)) return false;
  try {
    const database = withStorageFaults(openDatabase(path));
    try {
      database.prepare("VACUUM INTO ?").run(into);
    } finally {
      database.close();
    }
    chmodSync(into, 0o600);
    return true;
  } catch (error) {
    throw error instanceof TapbackError ? error : asStoreError(error);
  }
}
