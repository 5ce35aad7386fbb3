import { hasSeveralPeople } from "./chat.js";
import type { Envelope } from "./envelope.js";

import { normalizeHandle } from "./handle.js";
import type { MessageRow } from "./message.js";
import { formatTarget, type Target } from "./target.js";

/** Where the answer to a row goes: its chat where that is known, else its sender (behaviour 5.3). */
export function replyTargetOf(row: MessageRow): Target {
  if (row.chat.id > 0) return { kind: "chat_id", chatId: row.chat.id };
  return { kind: "handle", handle: normalizeHandle(row.sender), service: "auto" };
}

/** Where the answer to an envelope goes: the same as to the row that it was made of. */
export function replyTargetOfEnvelope({ chat, sender }: Pick<Envelope, "chat" | "sender">): Target {
  if (chat.chatId > 0) return { kind: "chat_id", chatId: chat.chatId };
  return { kind: "handle", handle: sender.handle, service: "auto" };
}

/** The key of a conversation, by which sends into it are ordered: `chat:7`, or `handle:+1555…` where no chat is known. */
export function chatKeyOf(target: Target): string {
  return target.kind === "chat_id"
    ? `chat:${target.chatId}`
    : target.kind === "handle"
      ? `handle:${target.handle}`
      : formatTarget(target);
}

/** The keys under which something may have been sent into a row's chat: by chat, and by handle where no chat was known. */
export function chatKeysOf(row: MessageRow): string[] {
  const keys = [`chat:${row.chat.id}`];
  if (row.chat.identifier && !hasSeveralPeople(row.chat, row.destination))
    keys.push(`handle:${normalizeHandle(row.chat.identifier)}`);
  return keys;
}
