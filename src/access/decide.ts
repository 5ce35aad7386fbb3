import { type Decision, type MessageRow, untypedCommands } from "../conversation/index.js";
import { admissionGates } from "./admission.js";
import { attachmentsGate } from "./attachments.js";
import { type Case, isGroupCase } from "./case.js";
import { commandIn } from "./content.js";
import type { Facts } from "./facts.js";
import { forwardGate } from "./forward.js";
import { listedInGroup, mentionGate } from "./group.js";
import { groupOptions, isGroupish } from "./groups.js";
import { optOutGate } from "./opt-out.js";
import type { Policy } from "./policy.js";
import { quietGates } from "./quiet.js";
import { ageGates, rowGates } from "./row.js";
import { namesOwner, senderOf } from "./sender.js";
import { tapbackGate } from "./tapback.js";
import { Trail } from "./trail.js";
import { enrolmentGate, ownerGate } from "./trust.js";

/**
 * Decides what becomes of an inbound row. Pure and total: the same message, policy and facts always give the same
 * decision, whether it is asked for live traffic, `preview`, `explain` or `retry`.
 * @returns the decision with every gate that the message met, the deciding one last
 */
export function decide(message: MessageRow, policy: Policy, facts: Facts): Decision {
  const isGroup = isGroupish(message, policy);
  const trail = new Trail(isGroup ? "group" : "direct");
  const sender = senderOf(message, policy, facts);
  const group = isGroup ? groupOptions(message.chat.id, policy) : undefined;
  const it: Case = { message, sender, policy, facts, group, trail };
  return (
    rowGates(it) ??
    optOutGate(it) ??
    ageGates(it) ??
    enrolmentGate(it) ??
    refusedOrForwarded(it) ??
    admitted(it)
  );
}

/** News of a message that was handled is told, and never starts a turn (behaviour 9.7). */
function changeGate({ kind }: NonNullable<MessageRow["change"]>, trail: Trail): Decision {
  const isEdit = kind === "edited";
  return trail.context({
    gate: "change",
    reason: isEdit ? "edited" : "taken_back",
  });
}

/** @returns what becomes of somebody who is not let in; undefined for who is */
function refusedOrForwarded(it: Case): Decision | undefined {
  const refusal = admittedTapbackOnly(it, admissionGates(it));
  return refusal && (forwardGate(it) ?? refusal);
}

/** Turns the pairing of an unknown person's tapback into a drop: a tapback is no message, so it gets no code. */
function admittedTapbackOnly(
  { message, policy }: Case,
  decision: Decision | undefined,
): Decision | undefined {
  if (decision?.kind !== "pairing" || !(message.tapback || message.change)) return decision;
  const { offer: _, ...refusal } = decision;
  return { ...refusal, kind: "drop", reason: "dm_not_allowed", key: policy.keyOf("allowFrom") };
}

/** Decides about a row of somebody whom the gates let in. */
function admitted(it: Case): Decision {
  const { message, sender, policy, facts, trail } = it;
  if (message.change) return changeGate(message.change, trail);
  const owner = ownerGate(it);
  const isGroup = isGroupCase(it);
  const listed = isGroup ? listedInGroup(it) : undefined;
  const mayCommand = !isGroup || owner || listed === "sender" || listed === "everyone";
  // Of others, who were not asked, it is an ordinary message or tapback (behaviour 6.5).
  const answersAsOwner = facts.answersQuestion && mayCommand && namesOwner(sender, policy, facts);
  if (answersAsOwner || facts.isAsked) {
    trail.note("question", "The message answers what was asked here.");
    return { kind: "command", ...trail.base(), isOwner: owner, name: untypedCommands.answer };
  }
  if (message.tapback) return tapbackGate(it);
  if (message.poll?.kind === "vote")
    return trail.context({
      gate: "poll",
      reason: "poll_vote",
    });
  const command = commandIn(message, policy.commands);
  if (command !== undefined && mayCommand) {
    trail.note("command", `The message is the command /${command}.`, "commands.text");
    return { kind: "command", ...trail.base(), isOwner: owner, name: command };
  }
  const stopped = attachmentsGate(it) ?? (isGroup ? mentionGate(it) : undefined) ?? quietGates(it);
  if (stopped) return stopped;
  // Under `open` everybody is let in, whoever is listed.
  const withChatAlone = !mayCommand && listed === "chat" && policy.groupPolicy === "allowlist";
  if (command !== undefined && withChatAlone) {
    const detail = `The sender is let in with the chat alone, so /${command} is a message to the agent.`;
    trail.note("command", detail, it.group?.senders.key, { passed: false });
  }
  if (command === undefined || withChatAlone) return { kind: "dispatch", ...trail.base(), isOwner: owner };
  trail.note("command", `The message is the command /${command}.`, "commands.text");
  return { kind: "command", ...trail.base(), isOwner: owner, name: command };
}
