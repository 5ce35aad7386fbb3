import { randomBytes } from "node:crypto";
import { createWriteStream, readdirSync, rmSync, statSync } from "node:fs";
import { open, rename } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { messageOf, TapbackError } from "../../platform/index.js";
import { type PackedFile, packed } from "./tar.js";

/** What a run that was killed leaves is removed by one that comes so much later, milliseconds. */
export const leftMs = 3600_000;

/**
 * Writes a backup beside its place first, under a name that no other run has: what has the name is whole (behaviour 1.8).
 * @param target absolute; a file there is replaced
 * @throws `BACKUP_UNWRITABLE`
 */
export async function writeArchive(target: string, files: readonly PackedFile[]): Promise<void> {
  removeLeft(target);
  const partial = `${target}.${randomBytes(4).toString("hex")}.partial`;
  const into = { mode: 0o600, flags: "wx" };
  try {
    await pipeline(Readable.from(packed(files)), createGzip(), createWriteStream(partial, into));
    for (const path of [partial, dirname(target)]) {
      const handle = await open(path);
      await handle.sync();
      await handle.close();
      if (path === partial) await rename(partial, target);
    }
  } catch (error) {
    rmSync(partial, { force: true });
    throw new TapbackError("BACKUP_UNWRITABLE", `${target} cannot be written: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function removeLeft(target: string): void {
  const [folder, name] = [dirname(target), basename(target)];
  try {
    for (const found of readdirSync(folder)) {
      const isLeft = found.startsWith(name) && /^(\.[0-9a-f]{8})?\.partial$/.test(found.slice(name.length));
      const path = join(folder, found);
      if (isLeft && Date.now() - statSync(path).mtimeMs > leftMs) rmSync(path, { force: true });
    }
  } catch {
    // Of a folder that cannot be used the write itself tells.
  }
}
