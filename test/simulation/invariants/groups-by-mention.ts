import { byMention } from "../cast.js";
import type { Said } from "../ledger.js";
import type { Facts, Invariant } from "./invariant.js";

/** In a group that asks for a mention the agent runs only for who mentions it (behaviour 4.4). */
export function groupsByMention(): Invariant {
  let judged = 0;
  return {
    name: "a group is answered when it mentions the agent",
    step({ ledger }: Facts) {
      for (; judged < ledger.runs.length; judged++) {
        const { tokens, turnId, isListening } = ledger.runs[judged]!;
        if (isListening) continue;
        const unasked = tokens.find((token) => {
          const said = ledger.said.get(token);
          return said && isByMention(said) && !said.mentions;
        });
        if (unasked !== undefined) return `turn ${turnId} runs for ${unasked}, which mentions nobody`;
      }
      return undefined;
    },
    end({ ledger, state }: Facts) {
      for (const said of ledger.said.values()) {
        if (!isByMention(said) || !said.mentions || said.unsent) continue;
        const row = state.prepare("SELECT decision, reason FROM journal WHERE guid = ?").get(said.guid);
        if (row?.reason === "not_mentioned") return `${said.token} mentions the agent, and nobody saw it`;
      }
      return undefined;
    },
  };
}

function isByMention({ group }: Said): boolean {
  return group !== undefined && byMention.includes(group);
}
