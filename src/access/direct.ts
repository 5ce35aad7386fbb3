import { type Decision, handleKind, isMachine, type ReasonNames } from "../conversation/index.js";
import { matchAllowlist } from "./allowlist.js";
import type { Case } from "./case.js";
import { isSelfChat, namedService, trustedService } from "./sender.js";

/**
 * The gates of a direct chat (behaviour 3.1 to 3.3).
 * @param it.sender not empty
 * @returns the refusal or the pairing offer; undefined when the sender is let in
 */
export function directGates(it: Case): Decision | undefined {
  const { message, sender, policy, facts, trail } = it;
  const policyKey = policy.keyOf("dmPolicy");
  const listKey = policy.keyOf("allowFrom");
  if (policy.dmPolicy === "disabled")
    return trail.drop({
      gate: "dmPolicy",
      reason: "dm_disabled",
      names: { dmPolicy: policyKey },
      key: policyKey,
    });
  trail.note("dmPolicy", `The policy for direct messages is ${policy.dmPolicy}.`, policyKey);
  const match = matchAllowlist(policy.allowFrom, sender, message.chat, policy.region);
  if (match !== undefined) {
    trail.note(
      "allowFrom",
      {
        everyone: 'Everyone is let in by "*".',
        sender: "The sender is listed.",
        chat: "The chat is listed.",
      }[match],
      listKey,
    );
    return undefined;
  }
  if (facts.approved) {
    trail.note("pairing", "The sender was approved by pairing.");
    return undefined;
  }
  const unlisted = { gate: "allowFrom", key: listKey, names: { sender, own: sender, allowFrom: listKey } };
  if (policy.dmPolicy !== "pairing")
    return trail.drop({
      ...unlisted,
      reason: "dm_not_allowed",
    });
  if (isSelfChat(message, policy.region, facts.ownAddresses))
    return trail.drop({
      ...unlisted,
      reason: "self_chat_not_allowed",
    });
  if (!getsPairingCode(sender))
    return trail.drop({
      ...unlisted,
      reason: "sender_without_pairing",
    });
  return pairingGate(it, unlisted);
}

/** Whether a sender is a person's address, which alone may get a code (behaviour 3.2). @param sender in normal form */
export function getsPairingCode(sender: string): boolean {
  const kind = handleKind(sender);
  return kind === "phone" || (kind === "email" && !isMachine(sender));
}

function pairingGate(
  { message, policy, facts, trail }: Case,
  unlisted: { key: string; names: ReasonNames },
): Decision {
  const service = trustedService(message, facts);
  if (policy.pairingServices && !policy.pairingServices.has(service))
    return trail.pairing(
      {
        gate: "pairing.services",
        reason: "pairing_service",
        names: { ...unlisted.names, service, named: ` (${namedService(message, facts)})` },
        key: "pairing.services",
      },
      false,
    );
  const gate = { ...unlisted, gate: "pairing" };
  switch (facts.pairing ?? "none") {
    case "pending":
      return trail.pairing(
        {
          ...gate,
          reason: "pairing_pending",
        },
        false,
      );
    case "full":
      return trail.pairing(
        {
          ...gate,
          reason: "pairing_full",
        },
        false,
      );
    case "none":
      return trail.pairing(
        {
          ...gate,
          reason: "pairing_offered",
        },
        true,
      );
  }
}
