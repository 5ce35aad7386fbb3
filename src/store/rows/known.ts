import { type Chat, isSamePerson, mayBeOf, type Target } from "../../conversation/index.js";
import type { SqlValue } from "../../platform/index.js";
import type { Claim } from "../claim.js";
import type { RecentSend, SentItem } from "../gate.js";
import type { OutboxState } from "../outbox.js";
import { fromJson, orUndefined } from "./columns.js";

/** More than a chat is sent within the time that a row takes to come back, as a rule. */
export const mostRecent = 40;

/** Beside them, those whose rows nothing but their content names: an owner may be asked about a heap of drafts at once. */
export const mostNameless = 200;

/** So long what somebody writes counts as an answer to an owner's one message, milliseconds. */
export const answeredMs = 7 * 24 * 3600_000;

/** The item that a row of Messages came from, as the gates want it. */
export function toSent(row: Record<string, SqlValue>): SentItem {
  const takenAt = orUndefined<number>(row.taken_at ?? null);
  const isOpen = row.state === "sending" || row.state === "unknown";
  return {
    id: Number(row.id),
    attempts: Number(row.attempts),
    takenAt,
    ...(isOpen && { open: claimOf(row) }),
  };
}

function claimOf(row: Record<string, SqlValue>): Claim {
  const { id, fence, attempts } = row;
  return { kind: "send", id: String(id), owner: "", fence: Number(fence), attempt: Number(attempts) };
}

/** A send that a row of Messages may be the echo of. */
export function toRecent(row: Record<string, SqlValue>): Omit<RecentSend, "elsewhere"> {
  const text = (value: SqlValue | undefined) => (value === null ? undefined : String(value));
  return {
    id: Number(row.id),
    claim: claimOf(row),
    state: row.state as OutboxState,
    text: text(row.text),
    file: text(row.file),
    poll: text(row.poll),
    guid: text(row.guid),
    attemptId: text(row.attempt_id) || undefined,
    takenAt: Number(row.taken_at),
    floorRow: Number(row.floor_row),
    rowSentAt: row.row_sent_at === null ? undefined : Number(row.row_sent_at),
  };
}

/** Whether a send may have landed in a chat though it went under another key. @param send its `target`, and the `chat` that has its number */
export function mayLandIn(chat: Chat, send: Record<string, SqlValue>): boolean {
  const to = JSON.parse(String(send.target)) as Target;
  if (to.kind !== "chat_id") return mayBeOf(chat, to);
  const named = fromJson<Chat>(send.chat);
  return named !== undefined && isSamePerson(chat, named);
}
