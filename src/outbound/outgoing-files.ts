import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Clock, ErrorCode } from "../platform/index.js";
import type { OutboxItem, Store } from "../store/index.js";
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

  constructor(
    stateDir: string,
    private readonly store: Pick<Store, "outbox">,
    private readonly clock: Clock,
  ) {
    this.#folder = outgoingFolder(stateDir);
  }

  /** Judges the file of an item once more when it is sent. @returns the error when it must not go out */
  async check(
    { file }: OutboxItem,
    maxMb: number,
  ): Promise<{ code: ErrorCode; message: string } | undefined> {
    return file === undefined ? undefined : checkStaged(file, this.#folder, maxMb);
  }

  /** A send ended: once its outcome is known, the copy is of no use. */
  async settled({ id, file }: OutboxItem): Promise<void> {
    if (file === undefined || isOpen((await this.store.outbox.get(id))?.state)) return;
    await removeStaged(file);
  }

  /** Removes what crashes left: copies that no item waits with. */
  async sweep(): Promise<void> {
    const names = await readdir(this.#folder).catch(() => []);
    if (names.length === 0) return;
    const waiting = await this.store.outbox.list({
      states: ["held", "pending", "sending"],
      limit: mostWaiting,
    });
    const kept = new Set(waiting.flatMap(({ file }) => file?.split("/").at(-2) ?? []));
    for (const name of names.filter((one) => !kept.has(one))) {
      const path = join(this.#folder, name);
      const facts = await stat(path).catch(() => undefined);
      if (facts && this.clock.now() - facts.mtimeMs > unnamedMs) await removeStaged(join(path, "file"));
    }
  }
}

function isOpen(state: OutboxItem["state"] | undefined): boolean {
  return state === "held" || state === "pending" || state === "sending";
}
