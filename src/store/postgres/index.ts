import { randomUUID } from "node:crypto";
import { type Clock, systemClock } from "../../platform/index.js";
import type { Store } from "../store.js";
import { PostgresAccounts } from "./accounts.js";
import { PostgresActions } from "./actions.js";
import { PostgresAllowance } from "./allowance.js";
import { PostgresBindings } from "./bindings.js";
import { PostgresBlobs } from "./blobs.js";
import { Changes } from "./changes.js";
import { PostgresDrafts } from "./drafts.js";
import { PostgresEnrolments } from "./enrolment.js";
import { PostgresErrands } from "./errands.js";
import { asStoreError, isConnections } from "./errors.js";
import { PostgresEvents } from "./events.js";
import { PostgresGate } from "./gate.js";
import { PostgresGroupSessions } from "./group-sessions.js";
import { PostgresJournal } from "./journal.js";

export { lockPostgresState } from "./lock.js";

import { migrate, mustServe, versionOf } from "./migrate.js";
import { PostgresNodes } from "./nodes.js";
import { PostgresNotices } from "./notices.js";
import { PostgresOutbox } from "./outbox.js";
import { accountsThatSend } from "./outbox-lists.js";
import { PostgresPairing } from "./pairing.js";
import { PostgresPeople } from "./people.js";
import { PostgresQuestions } from "./questions.js";
import { PostgresSchedule } from "./schedule.js";
import { type Connections, Server, serverAddress } from "./server.js";
import type { Base, Tx, Value } from "./statements.js";
import { PostgresTokens } from "./tokens.js";
import { PostgresTurns } from "./turns.js";
import { WriteQueue } from "./write-queue.js";

/**
 * Opens the store on a PostgreSQL server; it connects, and brings the schema up to date, at its first use. Several processes
 * may have it open.
 * @param url `postgres://…`
 * @param clock by which it is looked for what other processes wrote
 * @throws `CONFIG_INVALID` when that is no address; at the first use `STORE_UNAVAILABLE`, `STORE_TOO_NEW`
 */
export function openPostgresStore(url: string, clock: Clock = systemClock): Store {
  const address = serverAddress(url);
  return postgresStoreOver(
    new Server(address, (client) => migrate(client, address.schema)),
    address.schema,
    clock,
  );
}

/** Whether there is a state. @throws `CONFIG_INVALID`; `STORE_UNAVAILABLE`, also where there could be none */
export async function hasPostgresState(url: string): Promise<boolean> {
  try {
    const client = await new Server(serverAddress(url), async () => {}).connect();
    try {
      await mustServe(client);
      return (await versionOf(client)).version > 0;
    } finally {
      await client.end();
    }
  } catch (error) {
    throw asStoreError(error);
  }
}

/** The store over connections to its server. @param schema of the server, in which its tables are */
export function postgresStoreOver(server: Connections, schema: string, clock: Clock): Store {
  const sql = singleStatements(server);
  const changes = new Changes(clock, randomUUID(), {
    async newest() {
      const row = await sql(
        "SELECT CASE WHEN is_called THEN last_value ELSE 0 END AS newest FROM change",
      ).get();
      return Number(row!.newest);
    },
    accountsThatSend: () => accountsThatSend({ sql }),
  });
  server.hear(changes);
  const queue = new WriteQueue({
    ...{ server, clock },
    tell: (tx, topics) => changes.tell(tx, schema, topics),
    onCommitted: (topics, change) => changes.committed(topics, change),
  });
  const base: Base = {
    sql,
    read: (work) => readOf(server, work),
    write: (topics, work) => queue.write(topics, work),
  };
  return {
    accounts: new PostgresAccounts(base),
    gate: new PostgresGate(base),
    journal: new PostgresJournal(base),
    turns: new PostgresTurns(base),
    allowance: new PostgresAllowance(base),
    outbox: new PostgresOutbox(base),
    actions: new PostgresActions(base),
    pairing: new PostgresPairing(base),
    people: new PostgresPeople(base),
    enrolment: new PostgresEnrolments(base),
    notices: new PostgresNotices(base),
    schedule: new PostgresSchedule(base),
    questions: new PostgresQuestions(base),
    drafts: new PostgresDrafts(base),
    bindings: new PostgresBindings(base),
    groupSessions: new PostgresGroupSessions(base),
    events: new PostgresEvents(base),
    tokens: new PostgresTokens(base),
    nodes: new PostgresNodes(base),
    errands: new PostgresErrands(base),
    blobs: new PostgresBlobs(base),
    watch: (...what) => changes.watch(...what),
    checkForChanges: () => void changes.check(true),
    // No write resolves before (behaviour 21.1b).
    async toDisk() {},
    health: () => queue.health,
    async probe() {
      await queue.write([], async () => {}).catch(() => {});
      return queue.health;
    },
    async close() {
      await queue.close();
      changes.stop();
      await server.close();
    },
  };
}

/** Statements that stand alone, each over the next connection that is free. */
function singleStatements(server: Connections): Tx["sql"] {
  const send = async <T>(ask: (tx: Tx) => Promise<T>): Promise<T> => {
    for (let tries = 1; ; tries++)
      try {
        return await ask(server.statements.over(await server.readers()));
      } catch (error) {
        if (!isConnections(error, tries)) throw asStoreError(error);
      }
  };
  return (text) => ({
    all: (...values: Value[]) => send((tx) => tx.sql(text).all(...values)),
    get: (...values: Value[]) => send((tx) => tx.sql(text).get(...values)),
    run: (...values: Value[]) => send((tx) => tx.sql(text).run(...values)),
  });
}

/** Several statements over one moment of the state. */
async function readOf<T>(server: Connections, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      const client = await (await server.readers()).connect();
      let isOver = false;
      try {
        // The first statement follows without waiting for this.
        const begun = client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        const [, value] = await Promise.all([begun, work(server.statements.over(client, () => isOver))]);
        isOver = true;
        await client.query("COMMIT");
        client.release();
        return value;
      } catch (error) {
        isOver = true;
        client.release(true);
        throw error;
      }
    } catch (error) {
      if (!isConnections(error, tries)) throw asStoreError(error);
    }
  }
}
