import type { Database } from "../../platform/index.js";
import type { Store } from "../store.js";
import { SqliteAccounts } from "./accounts.js";
import { SqliteBindings } from "./bindings.js";
import { Changes } from "./changes.js";
import { CommitQueue } from "./commit-queue.js";
import { SqliteJournal } from "./journal.js";
import { openExistingStateDatabase, openStateDatabase } from "./open.js";
import { SqliteOutbox } from "./outbox.js";
import { SqlitePairing } from "./pairing.js";
import { SqliteQuestions } from "./questions.js";
import { SqliteSchedule } from "./schedule.js";
import { type Base, preparer } from "./statements.js";
import { SqliteTurns } from "./turns.js";

/**
 * Opens the embedded store: one SQLite file in WAL mode. Several processes may have it open (a gateway and commands).
 * @param path of the database file; created with its folder when absent
 * @throws `STATE_UNWRITABLE`, `STORE_TOO_NEW`, `STORE_UNAVAILABLE`, `STORE_FULL`
 */
export function openSqliteStore(path: string): Store {
  return storeOver(openStateDatabase(path));
}

/** As {@link openSqliteStore}, but undefined when there is no state yet. */
export function openExistingSqliteStore(path: string): Store | undefined {
  const database = openExistingStateDatabase(path);
  return database && storeOver(database);
}

function storeOver(database: Database): Store {
  const changes = new Changes(database);
  const queue = new CommitQueue(database, (topics) => changes.announce(topics));
  const base: Base = { sql: preparer(database), write: (topics, work) => queue.write(topics, work) };
  return {
    accounts: new SqliteAccounts(base),
    journal: new SqliteJournal(base),
    turns: new SqliteTurns(base),
    outbox: new SqliteOutbox(base),
    pairing: new SqlitePairing(base),
    schedule: new SqliteSchedule(base),
    questions: new SqliteQuestions(base),
    bindings: new SqliteBindings(base),
    watch: (topic, listener) => changes.watch(topic, listener),
    async close() {
      queue.flush();
      changes.stop();
      database.close();
    },
  };
}
