import { mkdir, readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { safeFileName } from "../conversation/index.js";
import { type Clock, type ErrorCode, err, ok, type Result } from "../platform/index.js";
import { blobIn, type OutboxItem, type Store } from "../store/index.js";
import { FilesInStore } from "./files-in-store.js";
import { checkStaged, removeStaged } from "./staging.js";

/** A copy that nothing in the outbox names may have been made a moment before it is named, milliseconds. */
const unnamedMs = 3600_000;
/** More than can wait: each item is at most an hour old by default, a draft half a day. */
const mostWaiting = 100_000;

/** Where copies of files lie until they are sent. */
export function outgoingFolder(stateDir: string): string {
  return join(stateDir, "outgoing");
}

/** The copies of files that wait to be sent. */
export class OutgoingFiles {
  readonly #folder: string;

  readonly #kept: FilesInStore | undefined;

  constructor(
    stateDir: string,
    private readonly store: Pick<Store, "outbox" | "blobs">,
    private readonly clock: Clock,
  ) {
    this.#folder = outgoingFolder(stateDir);
    this.#kept = store.blobs && new FilesInStore(store.blobs, clock);
  }

  /**
   * Has the file of an item ready to be sent, and judges it once more.
   * @returns its path; the error when it must not go out
   */
  async ready(
    { file = "" }: OutboxItem,
    maxMb: number,
  ): Promise<Result<string, { code: ErrorCode; message: string }>> {
    const path = await this.#pathOf(file, maxMb);
    const wrong = await checkStaged(path, this.#folder, maxMb);
    return wrong ? err(wrong) : ok(path);
  }

  /** A send ended: once its outcome is known, the copy is of no use. */
  async settled({ id, file, turnId }: OutboxItem): Promise<void> {
    if (file === undefined || isOpen((await this.store.outbox.get(id))?.state)) return;
    const kept = blobIn(file);
    await removeStaged(kept ? copyOf(kept, this.#folder) : file);
    if (kept && turnId !== undefined) await this.#kept?.turnEnded(turnId);
  }

  /** Removes what crashes left: copies that no item waits with. */
  async sweep(): Promise<void> {
    await this.#kept?.sweep(this.clock.now() - unnamedMs);
    const names = await readdir(this.#folder).catch(() => []);
    if (names.length === 0) return;
    const waiting = await this.store.outbox.list({
      states: ["held", "pending", "sending"],
      limit: mostWaiting,
    });
    const kept = new Set(waiting.flatMap(({ file }) => (file === undefined ? [] : folderNameOf(file))));
    for (const name of names.filter((one) => !kept.has(one))) {
      const path = join(this.#folder, name);
      const facts = await stat(path).catch(() => undefined);
      if (facts && this.clock.now() - facts.mtimeMs > unnamedMs) await removeStaged(join(path, "file"));
    }
  }

  /** A file that is kept in the store is copied here for its send (behaviour 21.3b). */
  async #pathOf(file: string, maxMb: number): Promise<string> {
    const kept = blobIn(file);
    if (!kept) return file;
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const path = copyOf(kept, await realpath(this.#folder));
    await this.#kept?.write(kept.id, path, maxMb * 1024 * 1024);
    return path;
  }
}

/** Where a file of the store is copied to: in a folder of its own, as what is staged here. */
function copyOf({ id, name }: { id: string; name: string }, folder: string): string {
  return join(folder, safeFileName(id), safeFileName(name));
}

/** The folder that a file that waits has for itself. */
function folderNameOf(file: string): string {
  return blobIn(file)?.id ?? file.split("/").at(-2) ?? "";
}

function isOpen(state: OutboxItem["state"] | undefined): boolean {
  return state === "held" || state === "pending" || state === "sending";
}
