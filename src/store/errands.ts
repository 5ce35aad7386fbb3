import type { Claim, Held } from "./claim.js";

/** What a turn asks of the process that has its account, when it runs in another one. */
export interface Errand {
  id: number;
  account: string;
  turnId: string;
  /** Of the turn's claim. */
  fence: number;
  /** Which run of the turn asks (`Turn.attempt`). */
  run: number;
  kind: string;
  /** Plain data, as `kind` has it. */
  parameters: unknown;
}

/** How far an errand is. */
export type ErrandState = { state: "open" | "taken" } | { state: "done"; result: unknown };

/**
 * Errands, on a store that several processes share. Each is asked under the claim of a turn: once the turn has ended, or runs under
 * another claim, it is not taken any more.
 */
export interface ErrandStore {
  /** @returns its id; `lost` when the turn does not run under this claim */
  ask(claim: Claim, kind: string, parameters: unknown): Promise<number | "lost">;
  /** Takes what is asked of an account, oldest first; also what an earlier owner took and did not answer. @param claim of the account */
  take(claim: Claim, max: number): Promise<Errand[]>;
  /** @param claim of the account @returns `lost` when another owner has taken it, or nobody waits any more */
  answer(claim: Claim, id: number, result: unknown): Promise<Held>;
  /** Takes back what nobody has taken yet. @returns whether it was taken back */
  withdraw(id: number): Promise<boolean>;
  /** @returns undefined when it passed with its turn */
  look(id: number): Promise<ErrandState | undefined>;
}
