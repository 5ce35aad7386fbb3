import type { Chat } from "../../conversation/index.js";
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
} from "./fields.js";

/** What is wrong with something that imsg reported, with its ids where they are readable. */
export interface Malformed {
  detail: string;
  rowId?: number;
  guid?: string;
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
    };
    const service = optionalString(wire, "service");
    if (service !== undefined && service !== "") chat.service = service;
    const lastMessageAt = optionalTime(wire, "last_message_at");
    if (lastMessageAt !== undefined) chat.lastMessageAt = lastMessageAt;
    return ok(chat);
  } catch (error) {
    if (error instanceof ShapeError) return err({ detail: `chat: ${error.message}` });
    throw error;
  }
}

/** imsg's own rule for `is_group` (protocol reference 9.4). */
export function hasGroupMark(guid: string, identifier: string): boolean {
  return guid.includes(";+;") || identifier.includes(";+;");
}
