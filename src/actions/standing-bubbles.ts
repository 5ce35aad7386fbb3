import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import type { ChatRef } from "../bridge/index.js";
import { type Log, messageOf, writeFileAtomic } from "../platform/index.js";

/**
 * Which typing bubbles could not be taken away, on the disk, so that a later start does it. Written when one stays
 * behind, not when one is shown: that is every turn.
 */
export class StandingBubbles {
  #isKept: boolean;
  readonly #left: ChatRef[];

  constructor(
    private readonly path: string,
    private readonly log: Log,
  ) {
    this.#left = this.#read();
    this.#isKept = this.#left.length > 0;
  }

  /** Chats in which an earlier process left a bubble. */
  get left(): readonly ChatRef[] {
    return this.#left;
  }

  /** @param chats all that may stand now */
  keep(chats: readonly ChatRef[]): void {
    if (chats.length === 0 && !this.#isKept) return;
    try {
      if (chats.length === 0) rmSync(this.path, { force: true });
      else {
        mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
        writeFileAtomic(this.path, `${JSON.stringify(chats)}\n`);
      }
      this.#isKept = chats.length > 0;
    } catch (error) {
      // A bubble is a courtesy; the next change is written again.
      this.log.debug(`typing bubbles that stay behind cannot be noted: ${messageOf(error)}`);
    }
  }

  #read(): ChatRef[] {
    try {
      const found: unknown = JSON.parse(readFileSync(this.path, "utf8"));
      return Array.isArray(found) ? found.filter(isChatRef) : [];
    } catch {
      return [];
    }
  }
}

function isChatRef(value: unknown): value is ChatRef {
  const { id, guid } = (value ?? {}) as Partial<ChatRef>;
  return Number.isSafeInteger(id) && typeof guid === "string";
}
