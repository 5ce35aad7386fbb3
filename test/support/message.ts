import type { Chat, MessageRow } from "../../src/conversation/index.js";

/** An inbound iMessage in a direct chat, changed as a test needs it. */
export function directMessage(
  change: Partial<MessageRow> & { from?: string; service?: string } = {},
): MessageRow {
  const { from = "+15550100123", service = "iMessage", ...rest } = change;
  return {
    rowId: 5012,
    guid: "6E0F2C1A-0B7D-4C51-9C0E-5D1B7A3F1001",
    chat: directChat(from, service),
    sender: from,
    fromMe: false,
    text: "Are you free at 5?",
    sentAt: 1_778_307_200_000,
    destination: "bot@example.com",
    attachments: [],
    ...rest,
  };
}

/** An inbound message in a group, changed as a test needs it. */
export function groupMessage(
  change: Partial<MessageRow> & { from?: string; chatId?: number } = {},
): MessageRow {
  const { from = "+15550100123", chatId = 88, ...rest } = change;
  return directMessage({ from, chat: groupChat(chatId), text: "Saturday 9am", ...rest });
}

/** A direct chat with one person. */
export function directChat(handle: string, service = "iMessage"): Chat {
  return {
    id: 7,
    guid: `${service};-;${handle}`,
    identifier: handle,
    name: "",
    participants: [handle],
    isGroup: false,
  };
}

/** A group of three others. */
export function groupChat(id = 88): Chat {
  return {
    id,
    guid: `iMessage;+;chat6400${id}`,
    identifier: `chat6400${id}`,
    name: "Climbing",
    participants: ["+15550100123", "+15550100456", "sam@example.com"],
    isGroup: true,
  };
}
