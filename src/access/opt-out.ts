import { type Decision, isMachine, untypedCommands } from "../conversation/index.js";
import type { Case } from "./case.js";
import { writtenText } from "./content.js";
import { directGates } from "./direct.js";
import { namesOwner } from "./sender.js";
import { Trail } from "./trail.js";

/**
 * The gate recognises STOP and START (behaviour 3.7). A late STOP counts as well, so it comes before the gates of age.
 */
export function optOutGate(it: Case): Decision | undefined {
  const { message, sender, policy, facts, trail } = it;
  const word = message.tapback ? "" : writtenText(message).toUpperCase();
  const isDirect = trail.treatedAs === "direct";
  const answer = (name: string): Decision => ({
    kind: "command",
    ...trail.base(),
    isOwner: false,
    name,
    ...(mayBeAnswered(it) ? {} : { silent: true }),
  });
  if (facts.optedOut) {
    if (isDirect && word === "START") {
      trail.note("optOut", "The sender takes messages again.");
      return answer(untypedCommands.optIn);
    }
    return trail.drop({
      gate: "optOut",
      reason: "opted_out",
    });
  }
  if (!isDirect || !policy.optOutWords.has(word)) return undefined;
  // By the handle alone: an owner's forged SMS must not silence the gateway towards its owner.
  if (namesOwner(sender, policy, facts)) {
    trail.note("optOut", "An owner's word does not end messages to the owner.");
    return undefined;
  }
  trail.note("optOut", "The sender ends all messages to them.");
  return answer(untypedCommands.optOut);
}

/** Whether STOP is confirmed: somebody to whom the rules send nothing gets no confirmation either (behaviour 10.3). */
function mayBeAnswered(it: Case): boolean {
  if (isMachine(it.sender)) return false;
  if (it.facts.contacted) return true;
  const refusal = directGates({ ...it, trail: new Trail("direct") });
  if (refusal?.kind !== "pairing") return refusal === undefined;
  return refusal.offer || refusal.reason === "pairing_pending";
}
