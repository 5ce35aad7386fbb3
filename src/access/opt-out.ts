import { type Decision, type ForgeableService, isMachine, untypedCommands } from "../conversation/index.js";
import type { Case } from "./case.js";
import { writtenText } from "./content.js";
import { directGates } from "./direct.js";
import { namedService, namesOwner, trustedService } from "./sender.js";
import { Trail } from "./trail.js";

/** How STOP or START is answered. */
interface How {
  silent?: boolean;
  /** The service of a STOP that could be forged. */
  over?: ForgeableService;
}

/**
 * The gate recognises STOP and START (behaviour 3.7). A late STOP counts as well, so it comes before the gates of age; a START
 * only where it was sent after the STOP.
 */
export function optOutGate(it: Case): Decision | undefined {
  const { message, sender, policy, facts, trail } = it;
  const word = message.tapback ? "" : writtenText(message).toUpperCase();
  const isDirect = trail.treatedAs === "direct";
  const isStart = isDirect && word === "START";
  const isStop = isDirect && word !== "" && policy.optOutWords.has(word);
  // By the handle alone: an owner's forged SMS must not silence the gateway towards its owner.
  const isOwner = isStop && namesOwner(sender, policy, facts);
  const answer = (name: string, { silent = !mayBeAnswered(it), over }: How = {}): Decision => ({
    kind: "command",
    ...trail.base(),
    isOwner: false,
    name,
    ...(silent && { silent }),
    ...(over && { over }),
  });
  if (facts.optedOut) {
    if (isStart && facts.afterStop) {
      trail.note("optOut", "The sender takes messages again.");
      return answer(untypedCommands.optIn);
    }
    // It may stand later than before, for a START that was sent meanwhile and comes after it.
    if (isStop && !isOwner) {
      trail.note("optOut", "The sender said STOP again; it was confirmed once.");
      return answer(untypedCommands.optOut, { silent: true });
    }
    if (isStart) trail.note("optOut", "This START was sent before the sender's STOP, which stands.");
    return trail.drop({
      gate: "optOut",
      reason: "opted_out",
    });
  }
  if (!isStop) return undefined;
  if (isOwner) {
    trail.note("optOut", "An owner's word does not end messages to the owner.");
    return undefined;
  }
  const service = trustedService(message, facts);
  if (service === "imessage") {
    trail.note("optOut", "The sender ends all messages to them.");
    return answer(untypedCommands.optOut);
  }
  const named = namedService(message, facts);
  trail.note(
    "optOut",
    `The sender, who could be forged (${named}), ends all messages to them: an owner is told.`,
  );
  return answer(untypedCommands.optOut, { over: service });
}

/** Whether STOP is confirmed: somebody to whom the rules send nothing gets no confirmation either (behaviour 10.3). */
function mayBeAnswered(it: Case): boolean {
  if (isMachine(it.sender)) return false;
  if (it.facts.contacted) return true;
  const refusal = directGates({ ...it, trail: new Trail("direct") });
  if (refusal?.kind !== "pairing") return refusal === undefined;
  return refusal.offer || refusal.reason === "pairing_pending";
}
