import { wordsOf } from "../ledger.js";
import type { Facts, Invariant } from "./invariant.js";

/** Nothing is done outside a turn's authority (behaviour 10.3a). */
export function withinAuthority(): Invariant {
  let judged = 0;
  return {
    name: "nothing is done outside a turn's authority",
    step({ reaches, fresh, ledger }: Facts) {
      for (; judged < reaches.length; judged++) {
        const { isOwners, code, to, turnId } = reaches[judged]!;
        if (!isOwners && code === undefined) return `turn ${turnId} of a guest wrote to ${to}`;
      }
      for (const { text, id } of fresh) {
        const outside = wordsOf(text).find(({ word }) => word === 999);
        const run = outside && ledger.runs.find(({ turnId }) => turnId.startsWith(outside.turn));
        if (outside && !run?.isOwners) return `row ${id} was sent from a guest's turn to somebody else`;
      }
      // What an agent is shown is of its own conversation.
      const run = ledger.runs.at(-1);
      for (const token of run?.tokens ?? []) {
        const said = ledger.said.get(token);
        if (said && run && said.group !== undefined && said.chatId !== run.chatId)
          return `the agent of chat ${run.chatId} was shown ${token} of chat ${said.chatId}`;
      }
      return undefined;
    },
  };
}
