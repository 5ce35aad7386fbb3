import type { Attachment, Envelope, EnvelopeAttachment, MessageRow } from "../../conversation/index.js";
import {
  declaredOf,
  declaredType,
  formatTarget,
  normalizeHandle,
  replyLine,
  replyTargetOf,
  safeFileName,
  shownText,
  sidOf,
} from "../../conversation/index.js";
import type { JournalEntry } from "../../store/index.js";
import { merge } from "./merge.js";

export interface EnvelopeParts {
  turnId: string;
  sessionKey: string;
  agentId: string;
  accountId: string;
  isGroup: boolean;
  isOwner: boolean;
  systemPrompt?: string;
  entries: JournalEntry[];
  context: JournalEntry[];
  notes: string[];
  /** Whether files that came are told of (behaviour 7.1). */
  includeAttachments: boolean;
}

/** Builds the envelope of behaviour 6.5a from journaled rows of one conversation, oldest first. */
export function buildEnvelope(parts: EnvelopeParts): Envelope {
  const last = parts.entries.at(-1)!.row;
  const { messages, text } = renderMessages(parts.entries, parts.includeAttachments);
  const { chat } = last;
  return {
    version: 1,
    turnId: parts.turnId,
    sessionKey: parts.sessionKey,
    agentId: parts.agentId,
    channel: "imessage",
    accountId: parts.accountId,
    chat: {
      target: formatTarget(replyTargetOf(last)),
      chatId: chat.id,
      guid: chat.guid,
      identifier: chat.identifier,
      name: chat.name,
      isGroup: parts.isGroup,
      participants: chat.participants,
    },
    sender: { ...senderOf(last), isOwner: parts.isOwner },
    messages,
    coalescedMessageGuids: parts.entries.flatMap(({ row }) =>
      row.preview ? [row.guid, row.preview.guid] : [row.guid],
    ),
    context: parts.context.map(({ row }) => ({
      sender: normalizeHandle(row.sender),
      ...(row.senderName && { name: row.senderName }),
      text: shownText(row),
      sentAt: new Date(row.sentAt).toISOString(),
      ...(parts.includeAttachments &&
        row.attachments.length > 0 && { guid: row.guid, attachments: row.attachments.map(factsOf) }),
    })),
    notes: parts.notes,
    ...(parts.systemPrompt && { systemPrompt: parts.systemPrompt }),
    text,
  };
}

/** The messages of a turn as the envelope shows them: those that are kept, and their text as one. */
export function renderMessages(
  entries: JournalEntry[],
  includeAttachments: boolean,
): Pick<Envelope, "messages" | "text"> {
  // Only a turn that collected messages of a group has several people in it.
  const named = new Set(entries.map(({ row }) => normalizeHandle(row.sender))).size > 1;
  const { kept, text } = merge(entries.map(({ id, row }) => ({ id, row, text: render(row, named) })));
  const messages = kept.map(({ id, row }) => ({
    ...(row.guid && { sid: sidOf(id) }),
    guid: row.guid,
    rowId: row.rowId,
    ...(named && { sender: senderOf(row) }),
    text: shownText(row),
    sentAt: new Date(row.sentAt).toISOString(),
    replyTo: row.replyTo,
    attachments: includeAttachments ? row.attachments.map(factsOf) : [],
  }));
  return { messages, text };
}

/** What is stored of a file: that it came. It is made ready when its turn runs. */
export function factsOf(file: Attachment): EnvelopeAttachment {
  const { name, path, bytes } = file;
  return { mimeType: declaredType(declaredOf(file)), bytes, name: safeFileName(name || path) };
}

function senderOf(row: MessageRow): { handle: string; name?: string } {
  return { handle: normalizeHandle(row.sender), ...(row.senderName && { name: row.senderName }) };
}

function render(row: MessageRow, named: boolean): string {
  const { handle, name = handle } = senderOf(row);
  const text = `${named ? `${name}: ` : ""}${shownText(row)}`;
  return row.replyTo?.text ? `${replyLine(row.replyTo)}\n${text}` : text;
}
