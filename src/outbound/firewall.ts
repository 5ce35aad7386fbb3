import { nameIn, normalizeHandle, type Target } from "../conversation/index.js";
import type { Conversation, OutboxItem, Store } from "../store/index.js";

/** Why a send is refused below everything else (behaviour 10.3). */
export interface Refused {
  code: "RECIPIENT_REFUSED";
  message: string;
}

/** What the firewall judges: a send, or something else that is done in a chat. */
export interface Addressed
  extends Pick<OutboxItem, "account" | "target" | "chatKey" | "origin" | "createdAt"> {
  /** Who reads a direct chat, where that was looked up. */
  handle?: string;
}

/** What the firewall asks beside the store. */
export interface FirewallFacts {
  /** Handles of owners, in normal form. */
  owners: ReadonlySet<string>;
  region: string;
  /** Whether the configuration names a target. */
  isNamed: (target: Target) => boolean;
}

/**
 * The last check before every send, whatever asked for it: a message goes only to a conversation that the gates
 * admitted, to an owner, to the sender of an open pairing request, or where a person at the command line named.
 * @returns undefined when the send may go
 */
export function checkRecipient(item: Addressed, store: Store, facts: FirewallFacts): Refused | undefined {
  if (item.origin !== "opt-out" && hasOptedOut(item, store, facts))
    return {
      code: "RECIPIENT_REFUSED",
      message: `${item.chatKey} said STOP and takes no messages until START`,
    };
  switch (item.origin) {
    // A person at the command line named the target; not even they write to who said STOP.
    case "person":
      return undefined;
    // Approved by a person, or about to be: the request itself is the proof.
    case "pairing":
      return refuseUnless(
        store.pairing.pending(item.createdAt, item.account).some((request) => isChatOf(item, request)),
        item,
      );
    case "approval":
      return refuseUnless(isApprovedTarget(item, store, facts), item);
    case "owner-notice":
      return refuseUnless(
        isHandleWith(item.target, facts, (handle) => facts.owners.has(handle)),
        item,
      );
    // The one answer to STOP, also to somebody who was let in nowhere.
    case "opt-out":
      return refuseUnless(
        store.journal.saidOptOutWord(item.account, conversationOf(item.target, facts)),
        item,
      );
    case "turn":
      return refuseUnless(
        isOwnerOrNamed(item.target, facts) ||
          store.journal.wasAdmitted(item.account, conversationOf(item.target, facts)),
        item,
      );
    case "command":
    case "schedule":
      return refuseUnless(store.journal.wasAdmitted(item.account, conversationOf(item.target, facts)), item);
  }
}

/** Whether a turn may write to a target in which nobody wrote yet: an owner, or whom the configuration names. */
export function isOwnerOrNamed(target: Target, facts: FirewallFacts): boolean {
  return isHandleWith(target, facts, (handle) => facts.owners.has(handle)) || facts.isNamed(target);
}

/** Whatever names the conversation: STOP holds over each of a person's chats (behaviour 3.7). */
function hasOptedOut(item: Addressed, store: Store, facts: FirewallFacts): boolean {
  const handle = item.handle ?? personAt(item, store);
  return (
    handle !== undefined && store.pairing.hasOptedOut(item.account, normalizeHandle(handle, facts.region))
  );
}

/** Who reads a direct chat, as far as the target or the journal tells. */
export function personAt(
  { target, account }: Pick<Addressed, "target" | "account">,
  store: Store,
): string | undefined {
  switch (target.kind) {
    case "handle":
      return target.handle;
    case "chat_id":
      return store.journal.directSender(account, target.chatId);
    // Of a group this is no handle, and nobody's.
    case "chat_identifier":
      return nameIn(target.identifier);
    case "chat_guid":
      return nameIn(target.guid);
  }
}

function refuseUnless(admitted: boolean, item: Addressed): Refused | undefined {
  if (admitted) return undefined;
  return {
    code: "RECIPIENT_REFUSED",
    message: `no rule admits ${item.chatKey} for a message of kind ${item.origin}`,
  };
}

function isChatOf(item: Addressed, request: { chatId: number; handle: string }): boolean {
  return item.target.kind === "chat_id"
    ? item.target.chatId === request.chatId
    : item.target.kind === "handle" && item.target.handle === request.handle;
}

function isApprovedTarget({ target, account }: Addressed, store: Store, facts: FirewallFacts): boolean {
  if (target.kind === "chat_id") return store.pairing.wasApprovedIn(account, target.chatId);
  return isHandleWith(target, facts, (handle) => store.pairing.isApproved(account, handle));
}

function isHandleWith(target: Target, facts: FirewallFacts, test: (handle: string) => boolean): boolean {
  return target.kind === "handle" && test(normalizeHandle(target.handle, facts.region));
}

function conversationOf(target: Target, facts: FirewallFacts): Conversation {
  if (target.kind === "chat_id") return { chatId: target.chatId };
  return target.kind === "handle" ? { handle: normalizeHandle(target.handle, facts.region) } : {};
}
