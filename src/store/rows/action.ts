import type { SqlValue } from "../../platform/index.js";
import type { ActionRecord } from "../actions.js";
import { fromJson } from "./columns.js";

/** A row of the table `action`, as the domain reads it. */
export function toRecord(row: Record<string, SqlValue>): ActionRecord {
  const optional: [keyof ActionRecord, unknown][] = [
    ["turnId", row.turn_id],
    ["key", row.key],
    ["askedBy", row.asked_by],
    ["endedAt", row.ended_at],
    ["facts", fromJson(row.facts) ?? null],
    ["error", fromJson(row.error) ?? null],
  ];
  return {
    id: Number(row.id),
    account: String(row.account),
    chat: String(row.chat),
    name: String(row.name),
    parameters: JSON.parse(String(row.parameters)) as Record<string, unknown>,
    state: row.state as ActionRecord["state"],
    beganAt: Number(row.began_at),
    items: JSON.parse(String(row.items)) as number[],
    ...Object.fromEntries(optional.filter(([, value]) => value !== null)),
  };
}
