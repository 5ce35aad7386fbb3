import type { Chat, MessageRow } from "../../conversation/index.js";
import { err, ok, type Result } from "../../platform/index.js";
import {
  asObject,
  optionalBoolean,
  optionalCount,
  optionalString,
  optionalTime,
  required,
  ShapeError,
  strings,
  type Wire,
} from "./fields.js";

/** What is wrong with something that imsg reported, with its ids where they are readable. */
export interface Malformed {
  detail: string;
  rowId?: number;
  guid?: string;
  /** What could be read of a message whose number could be: it is kept, with its fault. */
  row?: MessageRow;
}

/** Reads one chat of `chats.list` (protocol reference 4.1); unknown fields are ignored. */
export function parseChat(value: unknown): Result<Chat, Malformed> {
  try {
    const wire = asObject(value, "chat");
    const guid = optionalString(wire, "guid") ?? "";
    const identifier = optionalString(wire, "identifier") ?? "";
    const chat: Chat = {
      id: required(optionalCount(wire, "id"), "id"),
      guid,
      identifier,
      name: optionalString(wire, "name") ?? "",
      participants: strings(wire, "participants"),
      isGroup: optionalBoolean(wire, "is_group") ?? hasGroupMark(guid, identifier),
      service: optionalString(wire, "service") || undefined,
      lastMessageAt: optionalTime(wire, "last_message_at"),
    };
    const own = ownAddresses(wire);
    if (own.length > 0) chat.ownAddresses = own;
    return ok(chat);
  } catch (error) {
    if (error instanceof ShapeError) return err({ detail: `chat: ${error.message}` });
    throw error;
  }
}

/** The account's login (`E:me@example.com`, `P:+1555…`) and the address last used, where the entry has them (since imsg 0.14). */
function ownAddresses(wire: Wire): string[] {
  const login = (optionalString(wire, "account_login") ?? "").replace(/^[EP]:/, "");
  return [login, optionalString(wire, "last_addressed_handle") ?? ""].filter((address) => address !== "");
}

/** imsg's own rule for `is_group` (protocol reference 9.4). */
export function hasGroupMark(guid: string, identifier: string): boolean {
  return guid.includes(";+;") || identifier.includes(";+;");
}
