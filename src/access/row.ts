import { type Decision, isPlaced } from "../conversation/index.js";
import type { Case } from "./case.js";
import { hasContent, isUnreadable } from "./content.js";

/**
 * How late a row of a live subscription may arrive and still be answered, milliseconds: Apple delivers a backlog after a
 * push recovery (behaviour 9.5).
 */
export const backlogLimitMs = 15 * 60_000;

/** Where Messages falls idle, rows come late as a rule; up to this age they are answered, milliseconds. */
const idleLimitMs = 60 * 60_000;

/** The gates drop rows that are nobody's message to us. */
export function rowGates({ message, sender, facts, trail }: Case): Decision | undefined {
  // Echoes come before own rows: an own row that is no echo was written by hand (behaviour 10.4).
  if (facts.echo)
    return trail.drop({
      gate: "own",
      reason: "echo",
    });
  if (message.fromMe)
    return trail.drop({
      gate: "own",
      reason: "own_message",
    });
  if (message.fault !== undefined)
    return trail.drop({
      gate: "shape",
      reason: "not_understood",
      names: { fault: message.fault },
    });
  if (facts.reinserted)
    return trail.drop({
      gate: "backlog",
      reason: "reinserted",
    });
  if (!hasContent(message) && isUnreadable(message))
    return trail.drop({
      gate: "content",
      reason: "unreadable",
    });
  if (!hasContent(message))
    return trail.drop({
      gate: "content",
      reason: "empty",
    });
  if (sender === "")
    return trail.drop({
      gate: "sender",
      reason: "no_sender",
    });
  if (!isPlaced(message.chat))
    return trail.drop({
      gate: "chat",
      reason: "no_chat",
    });
  return undefined;
}

/** The gates drop rows that came so late that they are answered only when somebody asks for it. */
export function ageGates({ policy, facts, trail }: Case): Decision | undefined {
  // Twice the usual delay: it is not the same each time.
  const limitMs = Math.max(backlogLimitMs, Math.min(2 * (facts.usualDelayMs ?? 0), idleLimitMs));
  if (facts.liveAgeMs !== undefined && facts.liveAgeMs > limitMs)
    return trail.drop({
      gate: "backlog",
      reason: "backlog",
      names: { late: `${Math.round(facts.liveAgeMs / 60_000)} minutes` },
    });
  if (facts.missedOffline) {
    const key = policy.keyOf("catchup.enabled");
    return trail.drop({
      gate: "catchup",
      reason: "missed_offline",
      names: { catchup: key },
      key,
    });
  }
  return undefined;
}
