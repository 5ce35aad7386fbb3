/** The new key of a session. */
export interface KeyMove {
  from: string;
  to: string;
}

/** To which account the sessions of groups belong: chats of two accounts have the same numbers (behaviour 5.1). */
export interface GroupSessionStore {
  /**
   * Keys under which an account has something of a group: what a session remembers, turns that wait, messages for later.
   */
  keysOf(account: string): Promise<string[]>;
  /**
   * Gives what an account has under a key to another one, in one commit. What the account's own session remembers comes
   * along, unless the account has a memory under the new key already; what another account has stays where it is. No
   * turn of these sessions may be running in this process.
   */
  move(account: string, moves: readonly KeyMove[]): Promise<void>;
  /** Forgets what groups of several accounts told one session before they were kept apart. @returns the keys of these sessions */
  forgetMixed(): Promise<string[]>;
}
