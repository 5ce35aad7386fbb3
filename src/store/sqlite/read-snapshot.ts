import type { Prepare } from "./statements.js";

/**
 * Reads that follow each other without a pause share one read transaction: each alone would lock the file and let it go again,
 * which costs more than most of them. It ends with the callbacks that are ready now, so nothing that happens later is seen as it
 * was before.
 */
export class ReadSnapshot {
  #isOpen = false;
  #isToEnd = false;

  /** @param sql prepares on the connection whose reads these are */
  constructor(private readonly sql: Prepare) {}

  /** To be called before a read, outside of a transaction. */
  begin(): void {
    if (!this.#isOpen) this.sql("BEGIN").run();
    this.#isOpen = true;
    if (this.#isToEnd) return;
    this.#isToEnd = true;
    // Ticks come behind all promises that are ready.
    process.nextTick(() => {
      this.#isToEnd = false;
      try {
        this.end();
      } catch {
        // It is tried again with the next read or write, which is told what is wrong.
      }
    });
  }

  /** To be called before anything that wants no transaction around it. @throws what the disk says */
  end(): void {
    if (!this.#isOpen) return;
    try {
      this.sql("END").run();
      this.#isOpen = false;
    } catch (error) {
      // An error of the disk ends a transaction by itself.
      this.#isOpen = !/no transaction/i.test(String(error));
      if (this.#isOpen) throw error;
    }
  }
}
