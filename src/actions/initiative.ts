import type { NewOutboxItem } from "../store/index.js";
import type { Actor } from "./context.js";
import type { Conversation } from "./conversation.js";

/**
 * Who had the idea of what a turn sends into a conversation (behaviour 18.7): an owner who has just written, elsewhere, or
 * the agent.
 * @returns undefined for the answer to who has just written there, and for a person at the command line
 */
export function initiativeOf(
  { turnId, home, isOwner, isScheduled = false }: Actor,
  where: Conversation,
): NewOutboxItem["initiative"] {
  if (turnId === undefined) return undefined;
  if (isScheduled) return "agent";
  if (where === home) return undefined;
  return isOwner ? "owner" : "agent";
}

/** The same sends, marked with who had the idea of them. */
export function onInitiative(
  sends: readonly NewOutboxItem[],
  actor: Actor,
  where: Conversation,
): NewOutboxItem[] {
  const initiative = initiativeOf(actor, where);
  return sends.map((item) => (initiative ? { ...item, initiative } : item));
}
