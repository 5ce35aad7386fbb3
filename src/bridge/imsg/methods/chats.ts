import { bridgeMs, bridgeSend, type ChatKey, change, type Done, method, type Recipient } from "./method.js";

/** What changes a chat: that it is there, what is read of it, its group, who we are in it. */
export const chatMethods = {
  "chats.create": method<
    { addresses: string[]; service?: string; name?: string; text?: string },
    Done & { chat_guid: string; message_guid?: string; service?: string }
  >({ ...bridgeSend, selectors: ["createChat"] }),
  "chats.delete": method<ChatKey, Done>({ ...change, selectors: ["deleteChat", "removeChat"] }),
  "chats.markUnread": method<ChatKey, Done>({ ...change, selectors: ["markChatUnread"] }),
  typing: method<Recipient & { typing: boolean; service?: "imessage" | "sms" | "auto" }, Done>({
    ...change,
    selectors: ["typing"],
  }),
  read: method<Recipient, Done>({ ...change, selectors: ["read"] }),
  "group.rename": method<ChatKey & { name: string }, Done>({
    ...change,
    selectors: ["setDisplayName"],
    command: { name: "chat-name", options: { name: "name" } },
  }),
  "group.setIcon": method<ChatKey & { file?: string }, Done>({
    ...change,
    selectors: ["updateGroupPhoto"],
    command: { name: "chat-photo", options: { file: "file" } },
  }),
  "group.addParticipant": method<ChatKey & { address: string }, Done>({
    ...change,
    selectors: ["addParticipant"],
    command: { name: "chat-add-member", options: { address: "address" } },
  }),
  "group.removeParticipant": method<ChatKey & { address: string }, Done>({
    ...change,
    selectors: ["removeParticipant"],
    command: { name: "chat-remove-member", options: { address: "address" } },
  }),
  "group.leave": method<ChatKey, Done>({
    ...change,
    selectors: ["leaveChat"],
    command: { name: "chat-leave" },
  }),
  "contacts.shouldShareContact": method<
    ChatKey,
    Done & { can_share?: boolean; has_personal_nickname?: boolean; should_offer: boolean | null }
  >({ lane: "read", timeoutMs: bridgeMs, bridge: true, selectors: ["namePhotoShouldOffer"] }),
  "contacts.shareContactCard": method<ChatKey, Done & { requested: true }>({
    ...bridgeSend,
    selectors: ["namePhotoShare"],
  }),
};
