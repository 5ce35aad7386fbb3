import { chmodSync, existsSync } from "node:fs";
import { dirname } from "node:path";
import {
  type Database,
  errnoOf,
  makeFolder,
  messageOf,
  openDatabase,
  TapbackError,
  withStorageFaults,
} from "../../platform/index.js";
import { asStoreError } from "./commit-queue.js";
import { migrations } from "./migrations.js";

/** Version of the schema that this build brings a database to. */
export const newestVersion = migrations.at(-1)!.version;

/**
 * Opens the state database, creating folder (0700) and file (0600) as behaviour 1.5 asks, and brings its schema up to date.
 * @param platform whose file system it lies on
 * @throws `STATE_UNWRITABLE`, `STORE_TOO_NEW`, `STORE_UNAVAILABLE`, `STORE_DAMAGED`, `STORE_FULL`
 */
export function openStateDatabase(path: string, platform: NodeJS.Platform = process.platform): Database {
  try {
    makeFolder(dirname(path));
    const database = withStorageFaults(openDatabase(path, { busyTimeoutMs: 5000 }));
    chmodSync(path, 0o600);
    database.exec("PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON");
    // A message writes some forty pages; at the usual 1000 the log would be copied back, and forced twice, every 25 messages.
    database.exec("PRAGMA wal_autocheckpoint = 4000");
    // On a Mac `fsync` leaves what it was given in the cache of the drive: a power cut takes it (behaviour 1.5).
    if (platform === "darwin") database.exec("PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON");
    migrate(database);
    return database;
  } catch (error) {
    const code = errnoOf(error);
    const denied =
      code === "EACCES" || code === "EROFS" || code === "EPERM" || code === "ENOTDIR" || code === "EEXIST";
    if (denied || (/unable to open|readonly/i.test(messageOf(error)) && !(error instanceof TapbackError))) {
      throw new TapbackError(
        "STATE_UNWRITABLE",
        `the state directory ${dirname(path)} cannot be written: ${messageOf(error)}`,
        {
          hint: "Make it writable for this user, or name another one with TAPBACK_STATE_DIR.",
          cause: error,
        },
      );
    }
    throw asStoreError(error);
  }
}

/** @returns the database when there is one, else undefined: what commands read must not create it */
export function openExistingStateDatabase(path: string): Database | undefined {
  return existsSync(path) ? openStateDatabase(path) : undefined;
}

function migrate(database: Database): void {
  if (Number(database.prepare("PRAGMA user_version").get()?.user_version) === newestVersion) return;
  database.exec("BEGIN IMMEDIATE");
  try {
    const version = Number(database.prepare("PRAGMA user_version").get()?.user_version ?? 0);
    if (version > newestVersion) refuseNewer(database, version);
    for (const step of migrations.filter((migration) => migration.version > version)) {
      database.exec(step.sql);
      database.exec(
        `CREATE TABLE IF NOT EXISTS schema (compatible_with INTEGER NOT NULL) STRICT;
         DELETE FROM schema; INSERT INTO schema VALUES (${step.compatibleWith}); PRAGMA user_version = ${step.version}`,
      );
    }
    database.exec("COMMIT");
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
}

/** A database of a newer version is used only when that version says that this one still can. */
function refuseNewer(database: Database, version: number): void {
  const mark = Number(
    database.prepare("SELECT compatible_with FROM schema").get()?.compatible_with ?? version,
  );
  if (mark <= newestVersion) return;
  throw new TapbackError(
    "STORE_TOO_NEW",
    `the state database has version ${version}, this build knows ${newestVersion}`,
    {
      hint: "Run the newer tapback again, or restore the state directory that this version used.",
    },
  );
}
