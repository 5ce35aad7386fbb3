import type { Claim, Held } from "./claim.js";

/** One of our own sends as both clocks saw it; milliseconds since the epoch. */
export interface SeenSend {
  /** When it was handed to the bridge, by our clock. */
  takenAt: number;
  /** The time of its row, by the Mac's clock. */
  sentAt: number;
  /** When its row came back, by our clock. */
  receivedAt: number;
}

export interface AccountStore {
  /**
   * Takes an account. What an owner had that is surely dead is free: with the embedded store the state lock proves that of each
   * earlier one, else it is no node any more (`NodeStore`).
   * @throws `ACCOUNT_ELSEWHERE` when another node has it
   */
  claim(account: string, node: string): Promise<{ claim: Claim; facts: AccountFacts }>;
  /** Ends the claim of an account that is stopped on purpose. */
  release(claim: Claim, at: number): Promise<Held>;
  /** Highest row id journaled; -1 when there was none at the first start, 0 before that. */
  cursor(account: string): Promise<number>;
  /**
   * Where to subscribe from, exclusive: a little before the cursor, but not before the first start, for imsg reports rows
   * late whose chat or link preview is late (protocol reference 3.4, items 8 and 11). 0 before the first start.
   */
  resumePoint(account: string): Promise<number>;
  /** Every account that was ever claimed here, whether the configuration still names it or not. */
  known(): Promise<string[]>;
  /** Every address of its own that a row of the account ever named, as the rows write it. */
  ownAddresses(account: string): Promise<string[]>;
  /** The newest sends that were handed over once and whose rows came back by themselves, oldest first. */
  seenSends(account: string, limit: number): Promise<SeenSend[]>;
  /**
   * Sets the cursor without rows: the first start, or a database that was replaced; what is on its way is then looked for among
   * the rows after it (`OutboxItem.floorRow`).
   */
  setCursor(claim: Claim, rowId: number): Promise<Held>;
}

/** What is known of an account from earlier runs. */
export interface AccountFacts {
  /** Highest row id journaled; -1 when there was none at the first start, 0 before that. */
  cursor: number;
  /** When it was stopped on purpose, milliseconds; undefined after a crash and before the first start. */
  stoppedAt?: number;
}
