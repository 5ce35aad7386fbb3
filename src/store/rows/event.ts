import type { SqlValue } from "../../platform/index.js";
import type { EventReader, KeptEvent } from "../events.js";
import { fromJson } from "./columns.js";

/** A row of the table `event_reader`, as the domain reads it. */
export function toReader(row: Record<string, SqlValue>): EventReader {
  const memory = fromJson(row.memory);
  return {
    name: String(row.name),
    cursor: Number(row.cursor),
    since: Number(row.since),
    ...(memory !== undefined && { memory }),
  };
}

/** A row of the table `event`, as the domain reads it. @param about what it is about, as that is kept now */
export function toEvent(row: Record<string, SqlValue>, about: object | undefined): KeptEvent {
  const facts = Object.entries(fromJson<object>(row.facts)!).filter(([, value]) => value !== null);
  return {
    id: Number(row.id),
    account: String(row.account),
    at: Number(row.at),
    ...(row.chat !== null && { chat: String(row.chat) }),
    type: row.type,
    facts: Object.fromEntries(facts),
    ...(about && { about }),
  } as KeptEvent;
}
