import { normalizeHandle } from "./handle.js";

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
  /** As reported: true only when the GUID or identifier has `;+;`. What is treated as a group, {@link hasSeveralPeople} tells. */
  isGroup: boolean;
  /** `iMessage`, `SMS`, `RCS`; absent where the source does not tell. */
  service?: string;
  /** Addresses of the account itself that the chat's entry names; in lists of chats only, since imsg 0.14. */
  ownAddresses?: string[];
  /** Newest activity, milliseconds since the epoch; in lists of chats only. */
  lastMessageAt?: number;
}

/** The kind of service a chat runs over; `unknown` is never trusted as iMessage (behaviour 3.5). */
export type ChatService = "imessage" | "sms" | "rcs" | "unknown";

/** A service whose senders can be forged, or one that nobody knows (behaviour 3.5). */
export type ForgeableService = Exclude<ChatService, "imessage">;

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

/**
 * Whether two names, each a GUID or an identifier, are of one chat: addresses are compared in normal form, and `any` is
 * every service. A chat of SMS and one of iMessage with the same person are two.
 * @param region ISO 3166 alpha-2, for numbers without `+`
 */
export function namesSameChat(one: string, other: string, region?: string): boolean {
  const [first, second] = [one, other].map((name) => normalizeHandle(nameIn(name), region));
  if (first === "" || first !== second) return false;
  const [service, another] = [serviceIn(one), serviceIn(other)];
  return service === another || service === "any" || another === "any";
}

/**
 * Whether two chats of one number may be the same one: in another database the number may be somebody else's (behaviour 10.3b).
 * Where either has no GUID the number is all that is known.
 */
export function mayBeSameChat(one: Pick<Chat, "guid">, other: Pick<Chat, "guid">): boolean {
  return one.guid === "" || other.guid === "" || namesSameChat(nameIn(one.guid), nameIn(other.guid));
}

function serviceIn(guidOrIdentifier: string): string {
  const [prefix, ...rest] = guidOrIdentifier.split(";");
  return rest.length === 0 ? "any" : prefix!.trim().toLowerCase();
}

/**
 * Whether what is known of a chat shows several people beside the account: it is reported as a group, more than one
 * participant is there, or its name is the `chat<digits>` that Messages gives to groups (behaviour 4.1, protocol
 * reference 9.4).
 * @param own the account's own address as the row has it, which does not count as a participant
 */
export function hasSeveralPeople(
  chat: Pick<Chat, "guid" | "identifier" | "participants" | "isGroup">,
  own?: string,
): boolean {
  if (chat.isGroup) return true;
  if ([chat.guid, chat.identifier].some((name) => name.includes(";+;") || /^chat\d+$/i.test(nameIn(name))))
    return true;
  if (chat.participants.length < 2) return false;
  // Messages keeps one entry per service for the same person.
  const others = new Set(chat.participants.map((handle) => normalizeHandle(handle)));
  if (own !== undefined) others.delete(normalizeHandle(own));
  return others.size > 1;
}

/**
 * Whether two chats are direct chats with the same person: Messages keeps one per service, and a send may land in the
 * other one (protocol reference 3.5, 9.3).
 */
export function isSamePerson(one: Chat, other: Chat): boolean {
  if (hasSeveralPeople(one) || hasSeveralPeople(other)) return false;
  const [handle, otherHandle] = [one, other].map(({ identifier }) => normalizeHandle(identifier));
  return handle !== "" && handle === otherHandle;
}

/**
 * Whether it is known in which chat a row is. A row that came before its chat was written names none, and a number alone
 * does not tell a direct chat from a group (protocol reference 9.4).
 */
export function isPlaced(chat: Pick<Chat, "id" | "guid" | "identifier">): boolean {
  return chat.guid !== "" || (chat.id > 0 && chat.identifier !== "");
}
