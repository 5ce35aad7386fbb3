import type { WireChat, WireMessage } from "./wire.js";

/** A conversation, by exactly one key (protocol reference 3.1). */
export type ChatKey = { chat_id: number } | { chat_guid: string } | { chat_identifier: string };

/** A conversation or a person: phone number in E.164, or address in lower case. */
export type Recipient = ChatKey | { to: string };

type Done = { ok: true };
type Sent = Done & { guid?: string; message_id?: string; chat_guid?: string; service?: string };
type MessageKey = ChatKey & { message_id: string };
type Filter = { participants?: string[]; start?: string; end?: string };
type WithAttachments = { attachments?: boolean; convert_attachments?: boolean };
type Style = "bold" | "italic" | "underline" | "strikethrough";
/** A styled run; offsets in UTF-16 units. */
export type Formatting = { start: number; length: number; styles: Style[] };
type Vote = ChatKey & { poll_guid: string } & (
    | { option_id: string }
    | { option_index: number }
    | { option: string }
  );

/** Parameters and results by method, with the first names only: both protocol generations take those (protocol reference 10). */
export interface ImsgMethods {
  "chats.list": {
    params: { limit?: number; unread_only?: boolean };
    result: { chats: WireChat[] };
  };
  "chats.create": {
    params: { addresses: string[]; service?: string; name?: string; text?: string };
    result: Done & { chat_guid: string; message_guid?: string; service?: string };
  };
  "chats.delete": { params: ChatKey; result: Done };
  "chats.markUnread": { params: ChatKey; result: Done };
  "messages.history": {
    params: { chat_id: number; limit?: number } & Filter & WithAttachments;
    result: { messages: WireMessage[] };
  };
  "messages.after": {
    params: {
      since_rowid: number;
      chat_id?: number;
      limit?: number;
      include_reactions?: boolean;
    } & WithAttachments;
    result: { messages: WireMessage[]; next_rowid: number; has_more: boolean };
  };
  "messages.search": {
    params: { query: string; match?: "contains" | "exact"; limit?: number };
    result: { messages: WireMessage[] };
  };
  "watch.subscribe": {
    params: {
      chat_id?: number;
      since_rowid?: number;
      include_reactions?: boolean;
      debounce_ms?: number;
      buffer_limit?: number;
    } & Filter &
      WithAttachments;
    result: { subscription: number; buffer_limit?: number };
  };
  "watch.unsubscribe": { params: { subscription: number }; result: Done };
  send: {
    params: Recipient & {
      text?: string;
      file?: string;
      service?: "auto" | "imessage" | "sms";
      region?: string;
      transport?: "auto" | "bridge" | "applescript";
      text_formatting?: Formatting[];
      reply_to?: string;
      allow_sms_fallback?: boolean;
    };
    result: Sent & { transport?: string; id?: number };
  };
  "send.rich": {
    params: ChatKey & {
      text?: string;
      effect?: string;
      subject?: string;
      reply_to?: string;
      part_index?: number;
      /** Pass false: with the default, 0.9.0 returns no guid (protocol reference 3.2). */
      dd_scan?: boolean;
      text_formatting?: Formatting[];
      url?: string;
      file?: string;
    };
    result: Sent & { queued?: boolean; id?: number };
  };
  "send.attachment": {
    params: ChatKey & { file: string; audio?: boolean; reply_to?: string; part_index?: number };
    result: Sent;
  };
  "send.sticker": {
    params: ChatKey & { file: string; attach_to?: string; part_index?: number };
    result: Sent & { transfer_guid: string };
  };
  "send.multipart": {
    params: ChatKey & {
      parts: { text: string; text_formatting?: Formatting[] }[];
      effect?: string;
      subject?: string;
    };
    result: Sent & { id?: number; parts_count: number };
  };
  tapback: {
    params: MessageKey & { reaction: string; remove?: boolean; part_index?: number };
    result: Done & { reaction?: string; emoji?: string };
  };
  typing: {
    params: Recipient & { typing: boolean; service?: "imessage" | "sms" | "auto" };
    result: Done;
  };
  read: { params: Recipient; result: Done };
  "message.edit": {
    params: MessageKey & { text: string; backwards_compatibility_message?: string; part_index?: number };
    result: Done;
  };
  "message.unsend": { params: MessageKey & { part_index?: number }; result: Done };
  "message.delete": { params: MessageKey; result: Done };
  "message.notifyAnyways": { params: MessageKey; result: Done };
  "message.send_status": {
    params: { guid: string };
    result: Done & {
      guid: string;
      send_state: "pending" | "sent" | "delivered" | "failed";
      service: string | null;
      checked_at: string;
      delivered_at?: string;
      status_fields: Record<string, unknown> | null;
    };
  };
  "group.rename": { params: ChatKey & { name: string }; result: Done };
  "group.setIcon": { params: ChatKey & { file?: string }; result: Done };
  "group.addParticipant": { params: ChatKey & { address: string }; result: Done };
  "group.removeParticipant": { params: ChatKey & { address: string }; result: Done };
  "group.leave": { params: ChatKey; result: Done };
  "poll.send": {
    params: ChatKey & {
      question: string;
      options: string[];
      reply_to?: string;
      creator_handle?: string;
      comment?: string;
      suppress_comment?: boolean;
    };
    result: Sent & { event: string; poll: Record<string, unknown> };
  };
  "poll.vote": {
    params: Vote;
    result: Sent & { event: string; poll_guid: string; option_id: string; option_text?: string };
  };
  "poll.unvote": {
    params: Vote;
    result: Sent & { event: string; poll_guid: string; remaining_option_ids?: string[] };
  };
  "handles.check": {
    params: { address: string; alias_type?: "phone" | "email"; service?: string };
    result: Done & { address: string; available: boolean; service: string };
  };
  status: { params: Record<string, never>; result: Record<string, unknown> };
}

/** A method of `imsg rpc`. */
export type MethodName = keyof ImsgMethods;

/** The lanes of 0.14: mutations one at a time, reads up to 4 at once, control apart (protocol reference 1.1). */
export type Lane = "mutation" | "read" | "control";

interface MethodFacts {
  lane: Lane;
  timeoutMs: number;
  /** Works only with the private API bridge. */
  bridge: boolean;
}

/** imsg itself gives a send 150 s since 0.11.1. */
export const sendMs = 180_000;
/** Up to 0.13 a bridge call may relaunch Messages first (16 s), then waits up to 10 s for the bridge. */
const bridgeMs = 40_000;
const readMs = 10_000;

const read: MethodFacts = { lane: "read", timeoutMs: readMs, bridge: false };
const control: MethodFacts = { lane: "control", timeoutMs: readMs, bridge: false };
const change: MethodFacts = { lane: "mutation", timeoutMs: bridgeMs, bridge: true };
const bridgeSend: MethodFacts = { lane: "mutation", timeoutMs: sendMs, bridge: true };

const facts: Record<MethodName, MethodFacts> = {
  "chats.list": read,
  "chats.create": bridgeSend,
  "chats.delete": change,
  "chats.markUnread": change,
  "messages.history": read,
  "messages.after": read,
  "messages.search": read,
  "watch.subscribe": control,
  "watch.unsubscribe": control,
  send: { lane: "mutation", timeoutMs: sendMs, bridge: false },
  "send.rich": bridgeSend,
  "send.attachment": bridgeSend,
  "send.sticker": bridgeSend,
  "send.multipart": bridgeSend,
  tapback: change,
  typing: change,
  read: change,
  "message.edit": change,
  "message.unsend": change,
  "message.delete": change,
  "message.notifyAnyways": change,
  "message.send_status": read,
  "group.rename": change,
  "group.setIcon": change,
  "group.addParticipant": change,
  "group.removeParticipant": change,
  "group.leave": change,
  "poll.send": bridgeSend,
  "poll.vote": bridgeSend,
  "poll.unvote": bridgeSend,
  "handles.check": { lane: "read", timeoutMs: bridgeMs, bridge: true },
  status: read,
};

/** What is known of a method. */
export function methodFacts(method: MethodName): MethodFacts {
  return facts[method];
}

/**
 * How long a request may take, milliseconds, from the moment it is at the head of its lane. Rows cost up to 20 ms each
 * on a large database (protocol reference 12, row 6), hence 50 ms are added for each that is asked for.
 */
export function timeoutOf(method: MethodName, params: object): number {
  const { lane, timeoutMs } = facts[method];
  const limit = (params as { limit?: unknown }).limit;
  return lane === "read" && typeof limit === "number" ? timeoutMs + 50 * limit : timeoutMs;
}
