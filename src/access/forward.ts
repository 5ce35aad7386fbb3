import { type Decision, untypedCommands } from "../conversation/index.js";
import type { Case } from "./case.js";

/**
 * The gate for somebody who is let in nowhere, and to whom an owner wrote by a draft (behaviour 10.3a): what they answer goes to
 * that owner, and to no agent. It admits nobody.
 */
export function forwardGate({ message, policy, facts, trail }: Case): Decision | undefined {
  if (!facts.answersOwner || trail.treatedAs === "group" || policy.dmPolicy === "disabled") return undefined;
  if (message.tapback || message.change || message.poll?.kind === "vote") return undefined;
  trail.note("draft", "The sender answers what an owner had written to them; the owner is told, no agent.");
  return { kind: "command", ...trail.base(), isOwner: false, name: untypedCommands.forward, silent: true };
}
