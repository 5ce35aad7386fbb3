import type { SqlValue } from "../../platform/index.js";
import type { ChatBinding } from "../bindings.js";

/** A row of the table `binding`, as the domain reads it. */
export function toBinding(row: Record<string, SqlValue>): ChatBinding {
  return {
    account: String(row.account),
    chatKey: String(row.chat_key),
    sessionKey: String(row.session_key),
    agentId: String(row.agent_id),
    createdAt: Number(row.created_at),
  };
}
