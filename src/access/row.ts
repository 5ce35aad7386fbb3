import { type Decision, isPlaced } from "../conversation/index.js";
import type { Case } from "./case.js";
import { hasContent } from "./content.js";

/**
 * How late a row of a live subscription may arrive and still be answered, milliseconds: Apple delivers a backlog after a
 * push recovery (behaviour 9.5).
 */
export const backlogLimitMs = 15 * 60_000;

/** The gates drop rows that are nobody's message to us. */
export function rowGates({ message, sender, facts, trail }: Case): Decision | undefined {
  // Echoes come before own rows: an own row that is no echo was written by hand (behaviour 10.4).
  if (facts.echo)
    return trail.drop({
      gate: "own",
      reason: "echo",
      detail: "The gateway sent this message itself.",
      remedy: "Nothing: what the gateway sent is never answered.",
    });
  if (message.fromMe)
    return trail.drop({
      gate: "own",
      reason: "own_message",
      detail: "The message was sent from this account.",
      remedy: "Nothing: own messages are never answered.",
    });
  if (facts.reinserted)
    return trail.drop({
      gate: "backlog",
      reason: "reinserted",
      detail: "Messages stored a message again that was handled before.",
      remedy: "Nothing: see the message that was handled.",
    });
  if (!hasContent(message))
    return trail.drop({
      gate: "content",
      reason: "empty",
      detail: "The row has no text and no attachment: a group event, or a message that was taken back.",
      remedy: "Nothing: there is nothing to answer.",
    });
  if (sender === "")
    return trail.drop({
      gate: "sender",
      reason: "no_sender",
      detail: "The row does not say who sent it.",
      remedy: "Nothing: Messages stored no sender.",
    });
  if (!isPlaced(message.chat))
    return trail.drop({
      gate: "chat",
      reason: "no_chat",
      detail: "The row does not say which chat it is in, so it may be a group.",
      remedy: "Run retry when Messages has placed the message in its chat.",
    });
  return undefined;
}

/** The gates drop rows that came so late that they are answered only when somebody asks for it. */
export function ageGates({ policy, facts, trail }: Case): Decision | undefined {
  if (facts.liveAgeMs !== undefined && facts.liveAgeMs > backlogLimitMs)
    return trail.drop({
      gate: "backlog",
      reason: "backlog",
      detail: `The message arrived ${Math.round(facts.liveAgeMs / 60_000)} minutes after it was sent.`,
      remedy:
        "Run retry to have it answered now. Where every message seems late, compare this machine's clock with the Mac's.",
    });
  if (facts.missedOffline) {
    const key = policy.keyOf("catchup.enabled");
    return trail.drop({
      gate: "catchup",
      reason: "missed_offline",
      detail: "The message came while the gateway was not running.",
      remedy: `Set ${key} to true, or run retry.`,
      key,
    });
  }
  return undefined;
}
