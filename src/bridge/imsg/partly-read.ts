import type { MessageRow } from "../../conversation/index.js";
import {
  optionalBoolean,
  optionalCount,
  optionalString,
  optionalTime,
  required,
  ShapeError,
  strings,
  type Wire,
} from "./fields.js";
import { parseAttachments } from "./parse-attachment.js";

/**
 * Reads what can be read of a message that does not fit the protocol, so that it stands in the inbox with what is wrong
 * (behaviour 4.6). What is not known of it is what gives no right: nobody's, of no time, in a group.
 * @returns undefined where the row has no number: nothing tells it from others
 */
export function readPartly(value: unknown): MessageRow | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const wire = value as Wire;
  const faults: string[] = [];
  const tried = <T>(read: () => T, otherwise: T): T => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error;
      faults.push(error.message);
      return otherwise;
    }
  };
  const text = (key: string) => tried(() => optionalString(wire, key) ?? "", "");
  const rowId = tried(() => optionalCount(wire, "id"), undefined);
  if (rowId === undefined) return undefined;
  const participants = tried<string[] | undefined>(() => strings(wire, "participants"), undefined);
  const isGroup = tried(() => optionalBoolean(wire, "is_group"), undefined);
  const row = {
    rowId,
    guid: tried(() => required(optionalString(wire, "guid"), "guid"), ""),
    chat: {
      id: tried(() => required(optionalCount(wire, "chat_id"), "chat_id"), 0),
      guid: text("chat_guid"),
      identifier: text("chat_identifier"),
      name: text("chat_name"),
      participants: participants ?? [],
      isGroup: participants === undefined || isGroup !== false,
    },
    sender: text("sender"),
    fromMe: tried(() => required(optionalBoolean(wire, "is_from_me"), "is_from_me"), false),
    text: text("text"),
    sentAt: tried(() => required(optionalTime(wire, "created_at"), "created_at"), 0),
    attachments: tried(() => parseAttachments(wire.attachments), []),
  };
  return { ...row, fault: faults.join("; ") || "a field of another kind than the protocol has" };
}
