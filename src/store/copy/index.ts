import { existsSync, renameSync, rmSync } from "node:fs";
import type { Client } from "pg";
import { TapbackError } from "../../platform/index.js";
import { asStoreError } from "../postgres/errors.js";
import { migrate, versionOf } from "../postgres/migrate.js";
import { namedServer, Server, serverAddress } from "../postgres/server.js";
import { openStateDatabase } from "../sqlite/open.js";
import { type Copied, copyRows } from "./copy.js";
import { FileSide } from "./file-side.js";
import { ServerSide } from "./server-side.js";
import { bringWaitingFiles, type WaitingPlace } from "./waiting-files.js";

/**
 * Copies the state in a file to a server, in one transaction; no gateway runs on either.
 * @throws `STORE_EXISTS` when there is a state already, `STORE_COPY_DIFFERS`, `STORE_UNAVAILABLE`; nothing is kept then
 */
export async function copyToServer(file: string, url: string): Promise<Copied> {
  const database = openStateDatabase(file);
  try {
    database.exec("BEGIN");
    return await onServer(url, async (server, client) => {
      await migrate(client, server.address.schema);
      await client.query("BEGIN");
      const known = await client.query(
        "SELECT EXISTS (SELECT 1 FROM account) OR EXISTS (SELECT 1 FROM journal) AS is_used",
      );
      if (known.rows[0].is_used)
        throw new TapbackError("STORE_EXISTS", `there is a state on ${namedServer(url)} already`, {
          hint: "Name another schema there: `?schema=NAME` behind the address.",
        });
      const side = new ServerSide(server, client);
      await side.begin();
      const copied = await copyRows(new FileSide(database), side);
      await client.query("COMMIT");
      return copied;
    });
  } finally {
    database.close();
  }
}

/**
 * Copies the state on a server into a file, as it is at one moment, also while a gateway writes.
 * @param file must not exist; it has its name once it is whole
 * @param waiting where the files that wait to be sent go
 * @throws `STORE_EXISTS`, `NO_STATE`, `STORE_COPY_DIFFERS`, `STORE_UNAVAILABLE`, `STORE_FULL`
 */
export async function copyToFile(url: string, file: string, waiting: WaitingPlace): Promise<Copied> {
  if (existsSync(file)) throw new TapbackError("STORE_EXISTS", `${file} is there already`);
  const partial = `${file}.copy`;
  removeDatabase(partial);
  const database = openStateDatabase(partial);
  try {
    const copied = await onServer(url, async (server, client) => {
      if ((await versionOf(client)).version === 0)
        throw new TapbackError("NO_STATE", `there is no state on ${namedServer(url)} yet`);
      await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      database.exec("BEGIN IMMEDIATE");
      const rows = await copyRows(new ServerSide(server, client), new FileSide(database));
      await bringWaitingFiles(client, database, waiting);
      return rows;
    });
    database.exec("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
    database.close();
    renameSync(partial, file);
    return copied;
  } catch (error) {
    database.close();
    throw error;
  } finally {
    removeDatabase(partial);
  }
}

async function onServer<T>(url: string, work: (server: Server, client: Client) => Promise<T>): Promise<T> {
  const server = new Server(serverAddress(url), async () => {});
  try {
    const client = await server.connect();
    try {
      // A large table is read and hashed in the file for longer than a gateway may stand still in a transaction. It holds up nobody.
      await client.query("SET idle_in_transaction_session_timeout = 0");
      return await work(server, client);
    } finally {
      // What was not committed is undone.
      await client.end();
    }
  } catch (error) {
    throw asStoreError(error);
  }
}

function removeDatabase(path: string): void {
  for (const end of ["", "-wal", "-shm"]) rmSync(path + end, { force: true });
}
