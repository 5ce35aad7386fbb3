/** A message that both rule sets are asked about. */
export interface Probe {
  /** Account id, normalised. */
  account: string;
  /** As Messages reports it: E.164, an address in lower case, or a short code. */
  sender: string;
  chat: { id: number; guid: string; identifier: string; isGroup: boolean };
  text: string;
}

/** What becomes of a message: an agent answers, its sender is offered a pairing code, or neither. */
export type Outcome = { kind: "answered"; agent: string } | { kind: "code" } | { kind: "refused" };

/** The rules of one system, as one configuration sets them. */
export interface Rules {
  /** Ids of the accounts that are served, normalised. */
  readonly accounts: readonly string[];
  /** Pure and total. */
  ask(probe: Probe): Outcome;
}

export const refused: Outcome = { kind: "refused" };
