/** A message that was written from the account by hand. */
export interface ByHand {
  /** By the Mac's clock. */
  sentAt: number;
  /** When its row came, by ours. */
  receivedAt: number;
  text: string;
}
