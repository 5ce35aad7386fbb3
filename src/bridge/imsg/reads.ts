import type { Result } from "../../platform/index.js";
import type { HistoryQuery } from "../contract.js";
import { fault } from "./faults.js";
import type { ImsgMethods } from "./methods.js";
import type { Malformed } from "./parse-chat.js";

/** The parameters of `messages.history` for a look into a chat. */
export function historyParams(query: HistoryQuery): ImsgMethods["messages.history"]["params"] {
  return {
    chat_id: query.chatId,
    limit: query.limit,
    start: query.since === undefined ? undefined : isoTime(query.since),
    end: query.until === undefined ? undefined : isoTime(query.until),
    attachments: Boolean(query.attachments),
    // Not while watching: the conversion would hold up every row behind it.
    ...(query.attachments === "converted" && { convert_attachments: true }),
  };
}

/**
 * Parses each item of a list.
 * @param malformed is told of each item that does not fit; that item is left out, unless it gives something instead
 * @throws BridgeError `PROTOCOL` when it is no list
 */
export function parseAll<T>(
  items: unknown,
  parse: (item: unknown) => Result<T, Malformed>,
  malformed?: (problem: Malformed) => T | undefined,
): T[] {
  if (!Array.isArray(items)) throw fault("PROTOCOL", { detail: "a list was expected" });
  const good: T[] = [];
  for (const item of items) {
    const parsed = parse(item);
    const value = parsed.ok ? parsed.value : malformed?.(parsed.error);
    if (value !== undefined) good.push(value);
  }
  return good;
}

/** What a row says of its time may be absurd; a year of more than four digits is no time to imsg. */
function isoTime(ms: number): string {
  return new Date(Math.min(Math.max(ms, 0), Date.UTC(9999, 11, 31))).toISOString();
}
