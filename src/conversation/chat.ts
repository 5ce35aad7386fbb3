/** A conversation in Messages, as a bridge reports it (protocol reference 4.1). */
export interface Chat {
  /** `chat.ROWID`; 0 when the row's chat is not known (yet). */
  id: number;
  /** `iMessage;-;+1555…`, `any;+;chat…`; empty when unknown. */
  guid: string;
  /** The handle of a direct chat, `chat…` or a 32-hex id of a group; empty when unknown. */
  identifier: string;
  /** What people see; may be empty. */
  name: string;
  /** Remote handles only, never one's own. */
  participants: string[];
  /** As reported: true only when the GUID or identifier has `;+;`. See behaviour 4.1 for what is treated as a group. */
  isGroup: boolean;
  /** `iMessage`, `SMS`, `RCS`; absent where the source does not tell. */
  service?: string;
  /** Newest activity, milliseconds since the epoch; in lists of chats only. */
  lastMessageAt?: number;
}

/** The kind of service a chat runs over; `unknown` is never trusted as iMessage (behaviour 3.5). */
export type ChatService = "imessage" | "sms" | "rcs" | "unknown";

/**
 * Tells the service of a chat by its GUID's prefix, else by the service that a list of chats gave.
 * macOS 26 writes the prefix `any`, which tells nothing (protocol reference 9.3).
 */
export function serviceOf(chat: Pick<Chat, "guid" | "service">): ChatService {
  const prefix = chat.guid.split(";", 1)[0]!.toLowerCase();
  return knownService(prefix) ?? knownService((chat.service ?? "").toLowerCase()) ?? "unknown";
}

function knownService(name: string): ChatService | undefined {
  if (name === "imessage" || name === "imessagelite") return "imessage";
  return name === "sms" || name === "rcs" ? name : undefined;
}

/**
 * What names a chat in its GUID or identifier, without service and polarity: imsg and Messages write the same chat as
 * `iMessage;-;X`, `any;-;X`, `any;+;X` and `X` (protocol reference 9.3).
 */
export function nameIn(guidOrIdentifier: string): string {
  return guidOrIdentifier.slice(guidOrIdentifier.lastIndexOf(";") + 1);
}
