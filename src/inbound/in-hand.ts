import type { JournalEntry } from "../store/index.js";

/**
 * Which rows are being dealt with, from their decision until a turn or a command has them. Nobody takes such a row up a
 * second time, whatever the journal says of it meanwhile.
 */
export class InHand {
  /** How many deal with a row: who hands it over may begin before who decided it is done. */
  readonly #holders = new Map<number, number>();
  /** What left the hand while the journal was asked: its answer may be older. */
  readonly #looks = new Set<Set<number>>();

  /** Whether somebody deals with a row. @param id its number in the journal */
  has(id: number): boolean {
    return this.#holders.has(id);
  }

  /** Somebody deals with a row from now on, maybe beside others. */
  take(id: number): void {
    this.#holders.set(id, (this.#holders.get(id) ?? 0) + 1);
  }

  /** Once for each time that a row was taken. */
  letGo(id: number): void {
    const others = this.#holders.get(id)! - 1;
    if (others > 0) {
      this.#holders.set(id, others);
      return;
    }
    this.#holders.delete(id);
    for (const left of this.#looks) left.add(id);
  }

  /**
   * Reads rows of the journal that nobody deals with.
   * @param read asks the journal
   * @throws what `read` throws
   */
  async free(read: () => Promise<JournalEntry[]>): Promise<JournalEntry[]> {
    const left = new Set<number>();
    this.#looks.add(left);
    try {
      return (await read()).filter(({ id }) => !left.has(id) && !this.has(id));
    } finally {
      this.#looks.delete(left);
    }
  }
}
