/** Files of turns that run on another machine than their account, on a store that several processes share. */
export interface BlobStore {
  /**
   * Keeps a file for a turn.
   * @param id unique
   * @param bytes as they come; each part is a commit
   */
  put(id: string, turnId: string, bytes: AsyncIterable<Uint8Array>, at: number): Promise<void>;
  /** @returns the parts in their order; none when there is no such file (any more) */
  read(id: string): AsyncIterable<Uint8Array>;
  /**
   * Removes files that nobody waits for: those of turns that have ended, unless an item of the outbox that may still be sent names them.
   * @param which of one turn, or all that were kept before a time
   */
  tidy(which: { turnId: string } | { before: number }): Promise<void>;
}
