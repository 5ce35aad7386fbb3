import type { Facts, Invariant } from "./invariant.js";

/** What the account's human writes is known as that, whatever it says (behaviour 9.2). */
export function byHand(): Invariant {
  return {
    name: "what is written by hand is no echo",
    end({ ledger, state }: Facts) {
      for (const guid of ledger.byHand) {
        const row = state.prepare("SELECT reason FROM journal WHERE guid = ?").get(guid);
        if (row && row.reason === "echo") return `what was written by hand (${guid}) is taken for an echo`;
      }
      return undefined;
    },
  };
}
