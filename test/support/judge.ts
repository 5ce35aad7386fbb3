import { decide } from "../../src/access/decide.js";
import type { Facts } from "../../src/access/facts.js";
import { compilePolicy, type Policy } from "../../src/access/policy.js";
import type { PolicySource } from "../../src/access/policy-source.js";
import { commandRules } from "../../src/commands/index.js";
import type { Decision, MessageRow } from "../../src/conversation/index.js";

/** By the object that a test wrote: some ask thousands of times under one. */
const compiled = new WeakMap<Partial<PolicySource>, Policy>();

/**
 * Decides under a configuration that says only what a test is about.
 * @param source read once, and not changed after that
 */
export function judge(source: Partial<PolicySource>, message: MessageRow, facts: Facts = {}): Decision {
  let policy = compiled.get(source);
  if (policy === undefined) {
    policy = compilePolicy({ accountId: "default", commandRules, ...source });
    compiled.set(source, policy);
  }
  return decide(message, policy, facts);
}

/** A decision in one word: its kind, and its reason or name. */
export function word(decision: Decision): string {
  if (decision.kind === "dispatch") return decision.isOwner ? "dispatch owner" : "dispatch";
  if (decision.kind === "command") {
    const over = decision.over === undefined ? "" : ` over ${decision.over}`;
    return `/${decision.name}${decision.isOwner ? " owner" : ""}${decision.silent ? " silent" : ""}${over}`;
  }
  return `${decision.kind} ${decision.reason}${decision.key ? ` ${decision.key.replace("channels.imessage.", "")}` : ""}`;
}

/** What is shown, the configuration, the message, the facts, the decision as {@link word} writes it. */
export type Case = [string, Partial<PolicySource>, MessageRow, Facts, string];
