/** Files of turns that run on another machine than their account, on a store that several processes share. */
export interface BlobStore {
  /** Begins a file of a turn. @param id unique */
  begin(id: string, turnId: string, at: number): Promise<void>;
  /** Adds a part of a file. @param place 0 for the first */
  add(id: string, place: number, bytes: Uint8Array): Promise<void>;
  /** @returns undefined behind the last part, and when there is no such file (any more) */
  part(id: string, place: number): Promise<Uint8Array | undefined>;
  /**
   * Removes files that nobody waits for: those of turns that have ended, unless an item of the outbox that may still be sent names them.
   * @param which of one turn, or all that were begun before a time
   */
  tidy(which: { turnId: string } | { before: number }): Promise<void>;
}

/** How an item of the outbox names a file that is kept in the store, in the place of a path. */
export function blobPath(id: string, name: string): string {
  return `${scheme}${id}/${name}`;
}

/** @returns the file that is kept in the store; undefined for a path */
export function blobIn(file: string): { id: string; name: string } | undefined {
  if (!file.startsWith(scheme)) return undefined;
  const [id = "", name = ""] = file.slice(scheme.length).split("/");
  return { id, name };
}

/** No absolute path begins so. */
const scheme = "blob:";
