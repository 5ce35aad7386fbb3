import { within } from "./comparison.js";
import { type Fields, senderOf, tapbackNames } from "./fields.js";
import type { Said } from "./rich-world.js";

/** What the plug-in's reader gives of a message, as far as it is compared. */
export interface ElizaMessage {
  rowId: number;
  guid: string;
  text: string;
  kind: string;
  handle: string;
  chatId: string;
  chatType: string;
  timestamp: number;
  isFromMe: boolean;
  service: string;
  dateEdited: number;
  reaction: object | null;
  attachments: { filename: string; uti: string; mimeType: string; totalBytes: number }[];
}

/** Each field as it was said, and as the plug-in read it. */
export function fieldsOfEliza(said: Said, message: ElizaMessage): Fields {
  return {
    rowId: [said.id, message.rowId],
    text: [said.text ?? "", message.text],
    at: within(said.at, Math.round(message.timestamp)),
    fromMe: [said.from === "me", message.isFromMe],
    sender: [senderOf(said) ?? "", message.handle],
    chat: [said.chatIdentifier, message.chatId],
    chatKind: [said.isGroup ? "group" : "direct", message.chatType],
    service: [said.service, message.service],
    kind: [said.tapback ? "reaction" : said.system ? "system" : "text", message.kind],
    edited: [said.unsentAt ?? said.edits?.at ?? 0, Math.round(message.dateEdited)],
    tapback: [tapbackOf(said), message.reaction],
    files: [
      said.files.map(({ name, bytes, mime, uti }) => ({ name, bytes, mime, uti })),
      message.attachments.map(({ filename, totalBytes, mimeType, uti }) => ({
        name: filename,
        bytes: totalBytes,
        mime: mimeType,
        uti,
      })),
    ],
  };
}

function tapbackOf({ tapback }: Said) {
  if (tapback === undefined) return null;
  const { type, target, emoji = null, removed } = tapback;
  const kind = tapbackNames[type % 1000];
  return {
    kind: kind === "emphasize" ? "emphasis" : kind,
    add: !removed,
    rawType: type,
    targetGuid: target,
    emoji,
  };
}
