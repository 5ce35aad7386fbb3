import { randomUUID } from "node:crypto";
import type { Target } from "../../conversation/index.js";
import type { SqlValue } from "../../platform/index.js";
import type { NewOutboxItem, Origin, OutboxItem, OutboxState } from "../outbox.js";
import { fromJson } from "./columns.js";

/** The item of a row. */
export function toItem(row: Record<string, SqlValue>): OutboxItem {
  const optional: [keyof OutboxItem, unknown][] = [
    ["turnId", row.turn_id],
    ["entryId", row.entry_id],
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
    ...(row.stopped_at !== null && { stopped: true as const }),
    ...fromJson<
      Pick<OutboxItem, "runs" | "effect" | "voice" | "strict" | "chatGuid" | "parts" | "act" | "poll">
    >(row.form),
    ...Object.fromEntries(optional.filter(([, value]) => value !== null)),
  };
}

/**
 * Makes one message of what somebody sends in several parts: where one of them is given up, those after it in the chat are not
 * sent either (behaviour 8.1). A turn's answer is one by its turn.
 */
export function together(items: readonly NewOutboxItem[]): NewOutboxItem[] {
  const parts = randomUUID();
  return items.map((item) => (items.length > 1 ? { ...item, parts } : item));
}

/** Which message a row is a part of, by the JSON of its form; undefined where it goes alone. */
export function partsOf(form: SqlValue | undefined): string | undefined {
  return fromJson<Pick<OutboxItem, "parts">>(form ?? null)?.parts;
}

/** What is scheduled answers nobody, whatever made it. */
export function initiativeOf({ initiative, origin }: NewOutboxItem): NewOutboxItem["initiative"] {
  return initiative ?? (origin === "schedule" ? "agent" : undefined);
}

/** The extras of a send in one column; null for plain ones, which most are. */
export function formOf({
  runs,
  effect,
  voice,
  strict,
  chatGuid,
  parts,
  act,
  poll,
}: NewOutboxItem): string | null {
  const form = {
    ...(runs?.length && { runs }),
    ...(effect !== undefined && { effect }),
    ...(voice && { voice }),
    ...(strict && { strict }),
    ...(chatGuid && { chatGuid }),
    ...(parts && { parts }),
    ...(act && { act }),
    ...(poll && { poll }),
  };
  return Object.keys(form).length > 0 ? JSON.stringify(form) : null;
}

/** The place of a sign of life: before the first reply of its turn, and one only, so no attempt says it a second time. */
export const signOrdinal = -1;
/** The place of the line that says that nobody is there yet. */
export const waitingOrdinal = -2;
