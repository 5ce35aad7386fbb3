import type { Facts, Invariant } from "./invariant.js";

/**
 * What the account's human writes is known as that, whatever it says; but for the words of a send of which nobody knew then
 * whether it had gone (behaviour 9.2).
 */
export function byHand(): Invariant {
  return {
    name: "what is written by hand is no echo",
    end({ ledger, state }: Facts) {
      for (const guid of ledger.byHand) {
        const row = state.prepare("SELECT reason, received_at, body FROM journal WHERE guid = ?").get(guid);
        if (row?.reason !== "echo") continue;
        const inDoubt = state
          .prepare(
            "SELECT 1 FROM outbox WHERE text = ?1 ->> '$.text' AND taken_at <= ?2 AND (settled_at IS NULL OR settled_at >= ?2)",
          )
          .get(row.body!, row.received_at!);
        if (!inDoubt) return `what was written by hand (${guid}) is taken for an echo`;
      }
      return undefined;
    },
  };
}
