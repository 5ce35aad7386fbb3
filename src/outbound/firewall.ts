import { nameIn, normalizeHandle, type Target } from "../conversation/index.js";
import type { ChatOrHandle, Origin, OutboxItem, Store } from "../store/index.js";
import { type Admitting, isAdmittedNow, mayBeTold } from "./admitted.js";

/** Why a send is refused below everything else (behaviour 10.3). */
export interface Refused {
  code: "RECIPIENT_REFUSED";
  message: string;
}

/** What the firewall judges: a send, or something else that is done in a chat. */
export interface Addressed
  extends Pick<OutboxItem, "account" | "target" | "chatKey" | "origin" | "createdAt" | "draft"> {
  /** Who reads a direct chat, where that was looked up. */
  handle?: string;
}

/** What the firewall asks beside the store. */
export interface FirewallFacts extends Admitting {
  region: string;
  /** Whether the configuration names a target. */
  isNamed: (target: Target) => boolean;
  /** GUID of a chat as rows of the present connection have it, for `refuseRenumbered`; absent: none came. */
  seenAs?: (chatId: number) => string | undefined;
}

/**
 * The last check before every send, whatever asked for it: a message goes only to a conversation that the gates admit
 * now, to an owner, to the sender of an open pairing request, or where a person at the command line named.
 * @returns undefined when the send may go
 */
export async function checkRecipient(
  item: Addressed,
  store: Store,
  settings: FirewallFacts,
): Promise<Refused | undefined> {
  const facts = await withPairedOwners(settings, item.account, store);
  const stopped = item.origin === "opt-out" ? undefined : await refuseOptedOut(item, store, facts.region);
  if (stopped) return stopped;
  switch (item.origin) {
    // A person at the command line named the target; not even they write to who said STOP.
    case "person":
      return undefined;
    // An owner said yes to this very message.
    case "approved-draft":
      return refuseUnless(await wasApproved(item, store), item);
    // Approved by a person, or about to be: the request itself is the proof.
    case "pairing":
      return refuseUnless(
        (await store.pairing.pending(item.createdAt, item.account)).some(
          (request) =>
            isChatOf(item, request) && mayBeTold(request.handle, request.chatId, false, facts.policy),
        ),
        item,
      );
    case "approval":
      return refuseUnless(await isApprovedTarget(item, store, facts), item);
    case "owner-notice":
      return refuseUnless(
        isHandleWith(item.target, facts, (handle) => facts.owners.has(handle)),
        item,
      );
    // The one answer to STOP, also to somebody who was let in nowhere.
    case "opt-out":
      return refuseUnless(
        await store.journal.saidOptOutWord(item.account, chatOrHandleOf(item, facts)),
        item,
      );
    case "turn":
      return refuseUnless(
        isOwnerOrNamed(item.target, facts) ||
          (await isAdmittedNow(item.account, chatOrHandleOf(item, facts), store, facts)),
        item,
      );
    case "command":
    case "schedule":
      return refuseUnless(await isAdmittedNow(item.account, chatOrHandleOf(item, facts), store, facts), item);
    // A newer release may have written it: what is not known widens no right.
    default:
      return refuseUnless(false, item);
  }
}

async function wasApproved({ draft: id, account, chatKey }: Addressed, store: Store): Promise<boolean> {
  const draft = id === undefined ? undefined : await store.drafts.get(id);
  return draft?.state === "sent" && draft.approves && draft.account === account && draft.chatKey === chatKey;
}

/** Adds the owners that pairing made to those whom the settings name. */
export async function withPairedOwners<Facts extends FirewallFacts>(
  settings: Facts,
  account: string,
  store: Store,
): Promise<Facts> {
  const paired = await store.pairing.owners(account);
  return paired.length === 0 ? settings : { ...settings, owners: new Set([...settings.owners, ...paired]) };
}

/** Whether a turn may write to a target in which nobody wrote yet: an owner, or whom the configuration names. */
export function isOwnerOrNamed(target: Target, facts: FirewallFacts): boolean {
  return isHandleWith(target, facts, (handle) => facts.owners.has(handle)) || facts.isNamed(target);
}

/**
 * What holds for everybody, people at the command line too: nothing goes to who said STOP. Whatever names the
 * conversation: STOP holds over each of a person's chats (behaviour 3.7).
 */
export async function refuseOptedOut(
  item: Addressed,
  store: Store,
  region: string,
): Promise<Refused | undefined> {
  const handle = item.handle ?? (await personAt(item, store));
  if (
    handle === undefined ||
    !(await store.pairing.hasOptedOut(item.account, normalizeHandle(handle, region)))
  )
    return undefined;
  return {
    code: "RECIPIENT_REFUSED",
    message: `${item.chatKey} said STOP and takes no messages until START`,
  };
}

/** Whether something is sent on an agent's or a command's account, which may write only where the gates admit. */
export function isOfAgent(origin: Origin): boolean {
  return origin === "turn" || origin === "command" || origin === "schedule";
}

/** Who reads a direct chat, as far as the target or the journal tells. */
export async function personAt(
  { target, account }: Pick<Addressed, "target" | "account">,
  store: Pick<Store, "journal">,
): Promise<string | undefined> {
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

async function isApprovedTarget(
  { target, account }: Addressed,
  store: Store,
  facts: FirewallFacts,
): Promise<boolean> {
  if (target.kind === "chat_id") {
    const handle = await store.pairing.approvedIn(account, target.chatId);
    return handle !== undefined && mayBeTold(handle, target.chatId, true, facts.policy);
  }
  if (target.kind !== "handle") return false;
  const handle = normalizeHandle(target.handle, facts.region);
  return mayBeTold(handle, 0, true, facts.policy) && store.pairing.isApproved(account, handle);
}

function isHandleWith(target: Target, facts: FirewallFacts, test: (handle: string) => boolean): boolean {
  return target.kind === "handle" && test(normalizeHandle(target.handle, facts.region));
}

function chatOrHandleOf({ target, handle }: Addressed, { region }: FirewallFacts): ChatOrHandle {
  if (target.kind === "handle") return { handle: normalizeHandle(target.handle, region) };
  if (target.kind !== "chat_id") return {};
  return { chatId: target.chatId, ...(handle !== undefined && { handle: normalizeHandle(handle, region) }) };
}
