import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "../../platform/index.js";
import { openSimulator, type Settings } from "../../simulator/index.js";
import { openStateDatabase } from "../../store/index.js";

/** The bytes of databases in which nothing stands yet, by what they are of: the first world of a process makes them, others copy. */
const made = new Map<string, Buffer>();

/** Puts an empty state where a gateway looks for its own. @param folder the state directory */
export function placeEmptyState(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  place(join(folder, "state.db"), "state", (path) => openStateDatabase(path).close());
}

/** Puts an empty `chat.db` where a world looks for its own. @param folder the world's */
export function placeEmptyChats(folder: string, macos: Settings["macos"]): void {
  mkdirSync(folder, { recursive: true });
  place(join(folder, "chat.db"), `macOS ${macos}`, (path) =>
    openSimulator(join(path, ".."), { macos }).close(),
  );
}

function place(path: string, key: string, make: (path: string) => void): void {
  let bytes = made.get(key);
  if (bytes === undefined) {
    bytes = bytesOf(make, path.slice(path.lastIndexOf("/") + 1));
    made.set(key, bytes);
  }
  writeFileSync(path, bytes, { mode: 0o600 });
}

function bytesOf(make: (path: string) => void, name: string): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "tapback-empty-"));
  try {
    const path = join(folder, name);
    make(path);
    const database = openDatabase(path);
    // All of it is in the one file then.
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    database.close();
    return readFileSync(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
