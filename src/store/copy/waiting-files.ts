import { mkdir, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Client } from "pg";
import { safeFileName } from "../../conversation/index.js";
import type { Database } from "../../platform/index.js";
import { blobIn } from "../blobs.js";
import { preparer } from "../sqlite/statements.js";

/** Where files that wait to be sent lie beside a state in a file. */
export interface WaitingPlace {
  /** Folder into which they are written, absolute. */
  into: string;
  /** The same as the state is to name it, absolute and without a link in it. */
  named: string;
}

/**
 * Brings files that wait to be sent out of a server's tables, where no path of one machine names them (behaviour 21.3b). One that is not there
 * any more is named as before: its send ends with `FILE_MISSING`.
 * @param client within the transaction in which the rows were copied
 * @throws the errors of the server and of the file system
 */
export async function bringWaitingFiles(
  client: Client,
  database: Database,
  { into, named }: WaitingPlace,
): Promise<void> {
  const sql = preparer(database);
  const waiting = sql(
    "SELECT DISTINCT file FROM outbox WHERE file IS NOT NULL AND state IN ('held', 'pending', 'sending')",
  ).all();
  for (const { file } of waiting) {
    const kept = blobIn(String(file));
    if (!kept) continue;
    const place = join(safeFileName(kept.id), safeFileName(kept.name));
    if (!(await write(client, kept.id, join(into, place)))) continue;
    sql("UPDATE outbox SET file = ? WHERE file = ?").run(join(named, place), String(file));
  }
}

/** @returns whether there was such a file */
async function write(client: Client, id: string, path: string): Promise<boolean> {
  const part = async (place: number): Promise<Buffer | undefined> => {
    const found = await client.query("SELECT bytes FROM blob_part WHERE blob = $1 AND place = $2", [
      id,
      place,
    ]);
    return found.rows[0]?.bytes;
  };
  let bytes = await part(0);
  if (!bytes) return false;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const handle = await open(path, "w", 0o600);
  try {
    for (let place = 1; bytes; bytes = await part(place++)) await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return true;
}
