import {
  type ChatService,
  hasSeveralPeople,
  type MessageRow,
  normalizeHandle,
  serviceOf,
} from "../conversation/index.js";
import type { Facts } from "./facts.js";
import { handleOf, type Policy } from "./policy.js";

/**
 * Whether a chat is one with oneself: sender and chat identifier are the same address, and it is the account's, as the
 * destination or under an alias (behaviour 9.2, protocol reference 9.5). Sender and identifier alone are equal in every direct chat (protocol reference 9.6).
 * @param ownAddresses addresses that were ever seen as the account's
 */
export function isSelfChat(
  message: MessageRow,
  region: string,
  ownAddresses: readonly string[] = [],
): boolean {
  if (message.sender === "" || hasSeveralPeople(message.chat, message.destination)) return false;
  const sender = normalizeHandle(message.sender, region);
  if (normalizeHandle(message.chat.identifier, region) !== sender) return false;
  const own = message.destination ? [message.destination, ...ownAddresses] : ownAddresses;
  return own.some((address) => normalizeHandle(address, region) === sender);
}

/**
 * The sender in normal form; empty when the row names none. A row without a handle shows the account's own address
 * instead (protocol reference 9.7): outside a self-chat that is nobody, not the owner.
 */
export function senderOf(message: MessageRow, policy: Policy, facts: Facts): string {
  const sender = handleOf(message.sender, policy);
  const isOwnAddress = message.destination !== undefined && handleOf(message.destination, policy) === sender;
  return isOwnAddress && !isSelfChat(message, policy.region, facts.ownAddresses) ? "" : sender;
}

/** The chat's service: by its GUID, else as a list of chats gave it, else `unknown` (behaviour 3.5). */
export function trustedService(message: MessageRow, facts: Facts): ChatService {
  const service = serviceOf(message.chat);
  return service === "unknown" ? (facts.service ?? "unknown") : service;
}

/** No build of imsg tells the service of one message (protocol reference 4.2), and `any;-;` chats may hold several. */
const ofChatAlone =
  "as the list of chats says of the whole chat: the service of a single message is not known";

/** Whether a service that is known is that of a chat whose messages may have come over another one. */
export function isOfChatAlone({ chat }: MessageRow): boolean {
  return serviceOf({ guid: chat.guid }) === "unknown";
}

/**
 * How a decision names the service: where nothing tells it, or the list of chats alone does, that is said, with the GUID that
 * does not (behaviour 3.5).
 */
export function namedService(message: MessageRow, facts: Facts): string {
  const service = trustedService(message, facts);
  if (service !== "unknown") return isOfChatAlone(message) ? `${service}, ${ofChatAlone}` : service;
  const prefix = message.chat.guid.split(";", 1)[0]!.slice(0, 20);
  const told = prefix === "" ? "the chat has no GUID" : `the chat's GUID begins with "${prefix}"`;
  return `unknown: ${told}, and the list of chats does not name its service`;
}

/**
 * Whether the sender may do what only owners may: named as an owner, and over a service whose senders cannot be forged
 * (behaviour 3.5, 12).
 */
export function isOwner(message: MessageRow, policy: Policy, facts: Facts): boolean {
  return (
    namesOwner(senderOf(message, policy, facts), policy, facts) && overOwnerService(message, policy, facts)
  );
}

/** Whether a handle is an owner's, whatever service it came over. @param sender in normal form */
export function namesOwner(sender: string, policy: Policy, facts: Facts): boolean {
  if (sender === "") return false;
  return (
    policy.owners.has(sender) || (facts.owners ?? []).some((owner) => handleOf(owner, policy) === sender)
  );
}

/** Whether owner rights count over the chat's service. */
export function overOwnerService(message: MessageRow, policy: Policy, facts: Facts): boolean {
  return policy.ownerServices.has(trustedService(message, facts));
}
