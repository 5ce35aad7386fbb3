import type { FaultCode } from "./faults.js";

/**
 * What texts of imsg, Apple and ssh mean; the first match counts. The only place where a text decides anything
 * (protocol reference 2.2, 9.2, 9.10, 9.11).
 */
const meanings: [RegExp, FaultCode][] = [
  [/already identifies a message|already reserved by another/i, "ALREADY_HANDED_OVER"],
  [
    // SQLite's words for a file that macOS keeps shut; since 0.14 nothing else may stand beside them.
    /full disk access(?=[\s\S]*chat\.db)|chat\.db(?=[\s\S]*full disk access)|authorization denied/i,
    "PERMISSION_FULL_DISK_ACCESS",
  ],
  [/wrote an unjoined empty outgoing row/i, "GHOST_ROW"],
  [/-1743\b|not authorized to send apple events/i, "PERMISSION_AUTOMATION"],
  [/-1712\b|appleevent timed out/i, "MESSAGES_TIMEOUT"],
  [/timed out waiting for response to '/i, "BRIDGE_TIMEOUT"],
  [/chat not found|unknown chat_id|could not resolve chat guid/i, "CHAT_NOT_FOUND"],
  [/message not found/i, "MESSAGE_NOT_FOUND"],
  [/unknown reactiontype|unsupported tapback reaction/i, "TAPBACK_UNKNOWN"],
  [
    /-1719\b|can['’]t get [^.]*\b(service|account)\b|service (is )?(not |un)available/i,
    "SERVICE_UNAVAILABLE",
  ],
  [/-1728\b/, "CHAT_NOT_FOUND"],
  [/-600\b|application isn['’]t running/i, "MESSAGES_NOT_RUNNING"],
  [/reply_to requires bridge|could not resolve reply thread/i, "REPLY_UNSUPPORTED"],
  [
    /system integrity protection|bridge-helper\.dylib not found|bridge not ready|bridge is not (?:running|started)|library validation/i,
    "BRIDGE_UNAVAILABLE",
  ],
  [/malformed bridge response|bridge io error|dylib error/i, "BRIDGE_FAILED"],
  [/applescript failed/i, "APPLESCRIPT_FAILED"],
  [/database is locked|database table is locked/i, "DATABASE_LOCKED"],
  [/unable to open database file|file is not a database/i, "DATABASE_UNAVAILABLE"],
  [/invalid iso8601 date/i, "INVALID_PARAMS"],
];

/** Errors say what happened within so many UTF-16 code units; what they quote may be anything. */
const longest = 10_000;

/** @returns the code that a text stands for, undefined when it says nothing known. */
export function meaningOf(text: string): FaultCode | undefined {
  const head = text.slice(0, longest);
  return meanings.find(([pattern]) => pattern.test(head))?.[1];
}
