import { wordsOf } from "../words.js";
import type { Facts, Invariant } from "./invariant.js";

/** What is planned for later is over soon after its time, milliseconds. */
const soonMs = 10 * 60_000;

/** What is scheduled comes in its time, where it was planned, and not when it was cancelled (behaviour 6.6b); once is for all words. */
export function plansKept(): Invariant {
  return {
    name: "what is planned comes in its time",
    step({ fresh, ledger, now, aheadMs }: Facts) {
      // A clock that is set says at another time that it is due.
      const isSteady = !ledger.counts.has("clock jumps");
      for (const { text, id } of fresh) {
        for (const { turn, word } of wordsOf(text)) {
          const plan = ledger.plans.find((each) => each.text === `later t${turn}.8.w${word}`);
          if (plan === undefined) continue;
          if (plan.isCancelled) return `row ${id} is what was planned and cancelled: ${plan.text}`;
          if (isSteady && now + aheadMs < plan.dueAt) return `row ${id} comes before its time: ${plan.text}`;
        }
      }
      return undefined;
    },
    end({ ledger, state, now, aheadMs }: Facts) {
      for (const { id, dueAt, text } of ledger.plans) {
        const row = state.prepare("SELECT ended_at FROM schedule WHERE id = ?").get(id);
        if (row && row.ended_at === null && dueAt < now + aheadMs - soonMs)
          return `${text} still waits after its time`;
      }
      return undefined;
    },
  };
}
