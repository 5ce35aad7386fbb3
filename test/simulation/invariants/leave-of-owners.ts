import { owner } from "../cast.js";
import type { Facts, Invariant } from "./invariant.js";

/** Only an owner answers what an agent asks to be allowed (behaviour 6.5). */
export function leaveOfOwners(): Invariant {
  let judged = 0;
  return {
    name: "leave is given by an owner",
    step({ ledger }: Facts) {
      for (; judged < ledger.leaves.length; judged++) {
        const { question, askedAt, givenAt } = ledger.leaves[judged]!;
        const said = ledger.inOrder.some(({ who, at }) => who === owner && at >= askedAt && at <= givenAt);
        if (!said) return `${question} was allowed, and no owner wrote anything since it was asked`;
      }
      return undefined;
    },
  };
}
