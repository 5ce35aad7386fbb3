import type { SqlValue } from "../../platform/index.js";
import type { NewOutboxItem } from "../outbox.js";
import type { ScheduledMessage } from "../schedule.js";
import { fromJson } from "./columns.js";

/** How long a message that was sent or cancelled is known; a turn that a crash cut off runs again long before. */
export const keptMs = 7 * 24 * 3600_000;

export type Plan = Pick<ScheduledMessage, "repeat" | "runsTurn" | "maker">;

/** A row of the table `schedule`, as the domain reads it. */
export function toMessage(row: Record<string, SqlValue>): ScheduledMessage {
  return {
    id: String(row.id),
    account: String(row.account),
    sessionKey: String(row.session_key),
    dueAt: Number(row.due_at),
    createdAt: Number(row.created_at),
    item: JSON.parse(String(row.item)) as NewOutboxItem,
    ...fromJson<Plan>(row.plan),
  };
}
