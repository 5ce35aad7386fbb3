import {
  isLink,
  type MessageRow,
  readableText,
  type TapbackEvent,
  tapbackInWords,
} from "../../conversation/index.js";
import { err, ok, type Result } from "../../platform/index.js";
import { type DecodedText, decodeText } from "./decode-text.js";
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
import { parseAttachments } from "./parse-attachment.js";
import { hasGroupMark, type Malformed } from "./parse-chat.js";
import { readPartly } from "./partly-read.js";

/**
 * Reads one message (protocol reference 4.2). Unknown fields are ignored; a field of the wrong type spoils the row, as
 * in protocol reference 4.8. Required are the ids, the direction and the time: without them a row could be answered
 * twice, be taken for somebody else's, or pass the backlog fence.
 */
export function parseMessage(value: unknown): Result<MessageRow, Malformed> {
  try {
    return ok(readMessage(asObject(value, "message")));
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    const row = readPartly(value);
    return err({ ...describe(error.message, value), row });
  }
}

function readMessage(wire: Wire): MessageRow {
  const rowId = required(optionalCount(wire, "id"), "id");
  const chatGuid = optionalString(wire, "chat_guid") ?? "";
  const identifier = optionalString(wire, "chat_identifier") ?? "";
  const row: MessageRow = {
    rowId,
    guid: required(optionalString(wire, "guid"), "guid"),
    chat: {
      id: required(optionalCount(wire, "chat_id"), "chat_id"),
      guid: chatGuid,
      identifier,
      name: optionalString(wire, "chat_name") ?? "",
      participants: strings(wire, "participants"),
      isGroup: optionalBoolean(wire, "is_group") ?? hasGroupMark(chatGuid, identifier),
    },
    sender: optionalString(wire, "sender") ?? "",
    senderName: optionalString(wire, "sender_name") || undefined,
    destination: optionalString(wire, "destination_caller_id") || undefined,
    fromMe: required(optionalBoolean(wire, "is_from_me"), "is_from_me"),
    ...readText(wire),
    sentAt: required(optionalTime(wire, "created_at"), "created_at"),
    attachments: parseAttachments(wire.attachments),
    balloon: optionalString(wire, "balloon_bundle_id") || undefined,
  };
  if (Number.isSafeInteger(wire.cursor)) row.cursor = wire.cursor as number;
  const tapback = readTapback(wire) ?? readSticker(wire, row);
  if (tapback !== undefined) row.tapback = tapback;
  else readThread(wire, row);
  if (typeof wire.poll === "object" && wire.poll !== null) row.poll = wire.poll as Wire;
  row.preview = readPreview(wire.url_preview);
  return row;
}

/** Builds from 0.13 on are told by what they say of reading (protocol reference 4.2); their decoder reads lengths. */
function readText(wire: Wire): DecodedText {
  const isOld = wire.is_read === undefined && wire.cursor === undefined;
  return decodeText(optionalString(wire, "text") ?? "", isOld);
}

/** imsg finds the quoted parent by the thread first, then by `reply_to_guid` (protocol reference 4.2). */
function readThread(wire: Wire, row: MessageRow): void {
  const thread = stripPart(optionalString(wire, "thread_originator_guid") ?? "");
  const parent = stripPart(optionalString(wire, "reply_to_guid") ?? "");
  const text = optionalString(wire, "reply_to_text");
  const sender = optionalString(wire, "reply_to_sender");
  if (thread !== "") row.threadGuid = thread;
  const guid = thread || (isAttached(wire, text, sender) ? "" : parent);
  if (guid === "") return;
  row.replyTo = { guid, text: text || undefined, sender: sender || undefined };
}

/**
 * Whether `reply_to_guid` says what a row belongs to, and answers nobody (protocol reference 4.2): a vote names its poll, the
 * preview of a link its text, an app's card the card that it continues. Builds before 0.11.1 do not say that a row is a preview.
 */
function isAttached(wire: Wire, parentText: string | undefined, parentSender: string | undefined): boolean {
  if ((wire.poll as Wire | null | undefined)?.kind === "vote" || wire.balloon_bundle_id) return true;
  const text = (optionalString(wire, "text") ?? "").trim();
  return isLink(text) && parentSender === wire.sender && (parentText?.includes(text) ?? false);
}

function readTapback(wire: Wire): TapbackEvent | undefined {
  const isReaction = optionalBoolean(wire, "is_reaction") || optionalBoolean(wire, "is_tapback");
  const kind = optionalString(wire, "reaction_type");
  const emoji = optionalString(wire, "reaction_emoji");
  const added = optionalBoolean(wire, "is_reaction_add");
  const target = optionalString(wire, "reacted_to_guid");
  if (!isReaction) return undefined;
  return {
    kind: kind || "unknown",
    emoji: emoji ?? "",
    added: added ?? true,
    targetGuid: stripPart(target ?? ""),
  };
}

/**
 * A sticker that was put on a message, or taken off. imsg does not say so (types 1000, 2007, 3007; protocol reference 7.2):
 * such a row refers to a message, is in no thread, and has no words but those of Messages itself.
 */
function readSticker(wire: Wire, { attachments, text, balloon }: MessageRow): TapbackEvent | undefined {
  const target = stripPart(optionalString(wire, "reply_to_guid") ?? "");
  if (target === "" || optionalString(wire, "thread_originator_guid") || balloon || wire.poll)
    return undefined;
  if (attachments.some(({ isSticker }) => !isSticker)) return undefined;
  const spoken = tapbackInWords(text);
  if (readableText(text) !== "" && spoken?.kind !== "sticker") return undefined;
  // A row without words and file takes one off.
  const added = spoken?.added ?? (attachments.length > 0 || text.includes("\ufffc"));
  return { kind: "sticker", emoji: "", added, targetGuid: target };
}

function readPreview(value: unknown): { rowId: number; guid: string } | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { id, guid } = value as Wire;
  return typeof id === "number" && typeof guid === "string" ? { rowId: id, guid } : undefined;
}

/** Takes `p:0/` (a part) or `bp:` (a balloon) off a GUID, so that GUIDs can be compared (protocol reference 4.2). */
export function stripPart(guid: string): string {
  return guid.replace(/^(p:\d+\/|bp:)+/, "");
}

function describe(detail: string, value: unknown): Malformed {
  const { id, guid } = (typeof value === "object" && value !== null ? value : {}) as Wire;
  return {
    detail: `message: ${detail}`,
    ...(Number.isSafeInteger(id) ? { rowId: id as number } : {}),
    ...(typeof guid === "string" && guid !== "" ? { guid } : {}),
  };
}
