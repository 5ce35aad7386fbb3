import type { WireChat, WireMessage } from "../wire.js";
import { bridgeMs, control, type Done, method, reading } from "./method.js";

type Filter = { participants?: string[]; start?: string; end?: string };
type WithAttachments = { attachments?: boolean; convert_attachments?: boolean };

/** What only looks, and the subscription. */
export const readingMethods = {
  "chats.list": method<{ limit?: number; unread_only?: boolean }, { chats: WireChat[] }>({
    ...reading,
    always: true,
  }),
  "chats.get": method<{ chat_id: number }, Omit<WireChat, "last_message_at">>(reading),
  "messages.history": method<
    { chat_id: number; limit?: number } & Filter & WithAttachments,
    { messages: WireMessage[] }
  >({ ...reading, always: true }),
  "messages.after": method<
    {
      since_rowid: number;
      chat_id?: number;
      limit?: number;
      include_reactions?: boolean;
    } & WithAttachments,
    { messages: WireMessage[]; next_rowid: number; has_more: boolean }
  >(reading),
  "messages.search": method<
    { query: string; match?: "contains" | "exact"; limit?: number },
    { messages: WireMessage[] }
  >(reading),
  "watch.subscribe": method<
    {
      chat_id?: number;
      since_rowid?: number;
      include_reactions?: boolean;
      debounce_ms?: number;
      buffer_limit?: number;
    } & Filter &
      WithAttachments,
    { subscription: number; buffer_limit?: number }
  >({ ...control, always: true }),
  "bridge.events.subscribe": method<
    { buffer_limit?: number },
    { subscription: number; buffer_limit: number; resumable: false }
  >({ ...control, bridge: true }),
  "watch.unsubscribe": method<{ subscription: number }, Done>({ ...control, always: true }),
  "message.send_status": method<
    { guid: string },
    Done & {
      guid: string;
      send_state: "pending" | "sent" | "delivered" | "failed";
      service: string | null;
      checked_at: string;
      delivered_at?: string;
      status_fields: Record<string, unknown> | null;
    }
  >(reading),
  "handles.check": method<
    { address: string; alias_type?: "phone" | "email"; service?: string },
    Done & { address: string; available: boolean; service: string }
  >({ lane: "read", timeoutMs: bridgeMs, bridge: true, selectors: ["checkIMessageAvailability"] }),
  initialize: method<{ protocol_version?: number }, Record<string, unknown>>(control),
  status: method<Record<string, never>, Record<string, unknown>>(reading),
};
