import type { MessageRow } from "../conversation/index.js";
import type { Facts } from "./facts.js";
import type { ResolvedGroup } from "./groups.js";
import type { Policy } from "./policy.js";
import type { Trail } from "./trail.js";

/** What the gates look at for one message, and where they write down what they found. */
export interface Case {
  message: MessageRow;
  /** The handle in normal form; empty when the row names none. */
  sender: string;
  policy: Policy;
  facts: Facts;
  /** What `groups` says where the chat is judged as a group; undefined for a direct chat. */
  group: ResolvedGroup | undefined;
  trail: Trail;
}

/** A case whose chat is judged as a group. */
export type GroupCase = Case & { group: ResolvedGroup };

/** Whether the chat of a case is judged as a group. */
export function isGroupCase(it: Case): it is GroupCase {
  return it.group !== undefined;
}
