import type { Target } from "../../conversation/index.js";
import type { SqlValue } from "../../platform/index.js";
import type { Origin, OutboxItem, OutboxState } from "../outbox.js";
import { fromJson } from "./statements.js";

/** The item of a row. */
export function toItem(row: Record<string, SqlValue>): OutboxItem {
  const optional: [keyof OutboxItem, unknown][] = [
    ["turnId", row.turn_id],
    ["attemptId", row.attempt_id || null],
    ["text", row.text],
    ["draft", row.draft],
    ["initiative", row.initiative],
    ["file", row.file],
    ["replyTo", row.reply_to],
    ["takenAt", row.taken_at],
    ["acceptedAt", row.accepted_at],
    ["settledAt", row.settled_at],
    ["guid", row.guid],
    ["rowId", row.row_id],
    ["error", fromJson(row.error) ?? null],
    ["delivery", fromJson(row.delivery) ?? null],
  ];
  return {
    id: Number(row.id),
    account: String(row.account),
    chatKey: String(row.chat_key),
    origin: row.origin as Origin,
    target: JSON.parse(String(row.target)) as Target,
    ordinal: Number(row.ordinal),
    state: row.state as OutboxState,
    attempts: Number(row.attempts),
    createdAt: Number(row.created_at),
    dueAt: Number(row.due_at),
    floorRow: Number(row.floor_row),
    ...(row.urgent === 1 && { urgent: true }),
    ...(row.attempt_id === "" && { untracked: true as const }),
    ...(row.in_doubt === 1 && { inDoubt: true as const }),
    ...fromJson<Pick<OutboxItem, "runs" | "effect" | "voice" | "strict" | "chatGuid" | "act" | "poll">>(
      row.form,
    ),
    ...Object.fromEntries(optional.filter(([, value]) => value !== null)),
  };
}
