import { type Clock, type Database, systemClock } from "../../platform/index.js";
import type { Store } from "../store.js";
import { SqliteAccounts } from "./accounts.js";
import { SqliteActions } from "./actions.js";
import { SqliteAllowance } from "./allowance.js";
import { SqliteBindings } from "./bindings.js";
import { Changes } from "./changes.js";
import { CommitQueue } from "./commit-queue.js";
import { SqliteDrafts } from "./drafts.js";
import { SqliteEnrolments } from "./enrolment.js";
import { newestEvent, SqliteEvents } from "./events.js";
import { FileIdentity } from "./file-identity.js";
import { SqliteGate } from "./gate.js";
import { SqliteGroupSessions } from "./group-sessions.js";
import { SqliteJournal } from "./journal.js";
import { SqliteNotices } from "./notices.js";
import { openExistingStateDatabase, openStateDatabase } from "./open.js";
import { SqliteOutbox } from "./outbox.js";
import { accountsThatSend } from "./outbox-lists.js";
import { SqlitePairing } from "./pairing.js";
import { SqlitePeople } from "./people.js";
import { SqliteQuestions } from "./questions.js";
import { ReadSnapshot } from "./read-snapshot.js";
import { SqliteSchedule } from "./schedule.js";
import { type Base, preparer } from "./statements.js";
import { SqliteTokens } from "./tokens.js";
import { SqliteTurns } from "./turns.js";

/**
 * Opens the embedded store: one SQLite file in WAL mode. Several processes may have it open (a gateway and commands).
 * @param path of the database file; created with its folder when absent
 * @param clock by which it is looked for what other processes wrote
 * @throws `STATE_UNWRITABLE`, `STORE_TOO_NEW`, `STORE_UNAVAILABLE`, `STORE_FULL`
 */
export function openStore(path: string, clock: Clock = systemClock): Store {
  return storeOver(openStateDatabase(path), path, clock);
}

/** As {@link openStore}, but undefined when there is no state yet. */
export function openExistingStore(path: string): Store | undefined {
  const database = openExistingStateDatabase(path);
  return database && storeOver(database, path, systemClock);
}

/** The embedded store over a database that is open. @param path its file */
export function storeOver(database: Database, path: string, clock: Clock): Store {
  const prepared = preparer(database);
  const changes = new Changes(database, clock, {
    newestEvent: () => newestEvent({ sql: prepared }),
    accountsThatSend: () => accountsThatSend({ sql: prepared }),
  });
  const snapshot = new ReadSnapshot(prepared);
  const queue = new CommitQueue(database, snapshot, new FileIdentity(path), clock, (topics) =>
    changes.announceCommit(topics),
  );
  const base: Base = {
    sql: (text) => {
      queue.enter();
      return prepared(text);
    },
    write: (topics, work) => queue.write(topics, false, work),
    writeToDisk: (topics, work) => queue.write(topics, true, work),
    toDisk: () => queue.toDisk(),
  };
  return {
    accounts: new SqliteAccounts(base),
    gate: new SqliteGate(base),
    journal: new SqliteJournal(base),
    turns: new SqliteTurns(base),
    allowance: new SqliteAllowance(base),
    outbox: new SqliteOutbox(base),
    actions: new SqliteActions(base),
    pairing: new SqlitePairing(base),
    people: new SqlitePeople(base),
    enrolment: new SqliteEnrolments(base),
    notices: new SqliteNotices(base),
    schedule: new SqliteSchedule(base),
    questions: new SqliteQuestions(base),
    drafts: new SqliteDrafts(base),
    bindings: new SqliteBindings(base),
    groupSessions: new SqliteGroupSessions(base),
    events: new SqliteEvents(base),
    tokens: new SqliteTokens(base),
    watch: (...what) => changes.watch(...what),
    checkForChanges: () => changes.check(),
    toDisk: () => queue.toDisk(),
    health: () => queue.health,
    probe: () => queue.probe(),
    async close({ settle = false } = {}) {
      queue.flush();
      snapshot.end();
      changes.stop();
      if (settle) checkpoint(database);
      database.close();
    },
  };
}

/**
 * Puts everything into the one file, so that a copy of it is whole. Node's own SQLite does so at its close, the package
 * of Node 20 leaves it all in the log beside.
 */
function checkpoint(database: Database): void {
  try {
    // A command that reads now is not waited for: nothing is lost, the log stays.
    database.exec("PRAGMA busy_timeout = 0; PRAGMA wal_checkpoint(TRUNCATE)");
  } catch {
    // A full disk: the log has it all.
  }
}
