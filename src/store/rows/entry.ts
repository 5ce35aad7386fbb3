import { type Decision, hasSeveralPeople, type MessageRow } from "../../conversation/index.js";
import type { SqlValue } from "../../platform/index.js";
import type { Arrival, JournalEntry, JournalState, MissedBySender } from "../journal.js";
import { fromJson, orUndefined } from "./columns.js";

/** The values of {@link insertSql}, in its order. */
export function columnsOf(
  account: string,
  row: MessageRow,
  arrival: Arrival,
  receivedAt: number,
): SqlValue[] {
  return [
    account,
    row.guid || `row:${row.rowId}`,
    row.rowId,
    row.chat.id,
    row.sender,
    row.fromMe ? 1 : 0,
    hasSeveralPeople(row.chat, row.destination) ? 1 : 0,
    arrival,
    receivedAt,
    row.sentAt,
    JSON.stringify(row),
  ];
}

/** How long after a poll the row of its caption may come, milliseconds: a call that hangs has it later than the poll. */
export const captionMs = 10 * 60_000;

/** @param row all columns of `journal` */
export function toEntry(row: Record<string, SqlValue>): JournalEntry {
  const entry: JournalEntry = {
    id: Number(row.id),
    account: String(row.account),
    row: JSON.parse(String(row.body)) as MessageRow,
    arrival: row.arrival as Arrival,
    receivedAt: Number(row.received_at),
    state: row.state as JournalState,
  };
  const decision = fromJson<Decision>(row.decision_json);
  if (decision) entry.decision = decision;
  const decidedAt = orUndefined<number>(row.decided_at);
  if (decidedAt !== undefined) entry.decidedAt = decidedAt;
  const turnId = orUndefined<string>(row.turn_id);
  if (turnId !== undefined) entry.turnId = turnId;
  return entry;
}

/** Reasons of rows that no person wrote to us. They stand in the text of a query: indexes do not serve parameters. */
export const nobodys = "'echo', 'own_message', 'reinserted', 'empty', 'no_sender', 'no_chat'";

/** Rows in which own addresses are looked for. */
export const recentRows = 200;

/** A row of what was missed, by its sender. */
export function toMissed(row: Record<string, SqlValue>): MissedBySender {
  return {
    sender: String(row.sender),
    ...(typeof row.name === "string" && { name: row.name }),
    count: Number(row.count),
    lastId: Number(row.last_id),
  };
}

/** How many rows there are of a state and a decision. */
interface EntryCount {
  state: JournalState;
  decision: string;
  reason: string;
  count: number;
}

/** A row of the accounting of a journal. */
export function toCount(row: Record<string, SqlValue>): EntryCount {
  return {
    state: row.state as JournalState,
    decision: String(row.decision),
    reason: String(row.reason),
    count: Number(row.count),
  };
}
