import { type Decision, isPlaced, type MessageRow } from "../conversation/index.js";
import { type Case, isGroupCase } from "./case.js";
import { directGates } from "./direct.js";
import type { Facts } from "./facts.js";
import { groupGates } from "./group.js";
import { groupOptions, isGroupish } from "./groups.js";
import type { Policy } from "./policy.js";
import { senderOf } from "./sender.js";
import { Trail } from "./trail.js";

/**
 * The gates that say who may talk where, without those about age and content (behaviour 3.1, 4.2).
 * @returns the refusal or the pairing offer; undefined when the sender is let in
 */
export function admissionGates(it: Case): Decision | undefined {
  return isGroupCase(it) ? groupGates(it) : directGates(it);
}

/**
 * Tells what the gates of admission say now about somebody who wrote, whatever was written and however long ago: an
 * admission ends with the setting or the approval that made it (behaviour 10.3).
 * @param facts `approved` and `pairing` count
 */
export function admissionOf(
  message: MessageRow,
  policy: Policy,
  facts: Pick<Facts, "approved" | "pairing">,
): "admitted" | "pairing" | "refused" {
  const sender = senderOf(message, policy, facts);
  if (sender === "" || !isPlaced(message.chat)) return "refused";
  const isGroup = isGroupish(message, policy);
  const group = isGroup ? groupOptions(message.chat.id, policy) : undefined;
  const trail = new Trail(isGroup ? "group" : "direct");
  const refusal = admissionGates({ message, sender, policy, facts, group, trail });
  if (refusal === undefined) return "admitted";
  return refusal.kind === "pairing" ? "pairing" : "refused";
}
