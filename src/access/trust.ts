import { type Decision, untypedCommands } from "../conversation/index.js";
import type { Case } from "./case.js";
import { isOfChatAlone, isOwner, namedService, namesOwner, overOwnerService } from "./sender.js";

/** The gate recognises the phrase of `tapback pair`, which admits its sender (behaviour 3.6). */
export function enrolmentGate({ message, policy, facts, trail }: Case): Decision | undefined {
  if (!facts.enrolment || trail.treatedAs === "group") return undefined;
  if (!overOwnerService(message, policy, facts))
    return trail.drop({
      gate: "enrolment",
      reason: "enrolment_service",
      names: { named: ` (${namedService(message, facts)})` },
      key: "commands.ownerServices",
    });
  trail.note("enrolment", "The text is the phrase of an open enrolment.", "commands.ownerServices");
  return { kind: "command", ...trail.base(), isOwner: false, name: untypedCommands.enrol };
}

/** @returns whether the sender has owner rights here; a sender who is named but not trusted here is recorded */
export function ownerGate({ message, sender, policy, facts, trail }: Case): boolean {
  if (!namesOwner(sender, policy, facts)) return false;
  if (isOwner(message, policy, facts)) {
    const over = isOfChatAlone(message) ? ` (over ${namedService(message, facts)})` : "";
    const detail = `The sender is an owner${over}.`;
    trail.note("owner", detail, policy.ownersKey);
    return true;
  }
  const detail = `The sender is named as an owner, but owner rights do not count over this service (${namedService(message, facts)}).`;
  trail.note("owner", detail, "commands.ownerServices", { passed: false });
  return false;
}
