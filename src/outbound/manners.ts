import { type Chat, hasSeveralPeople, type MessageRow, normalizeHandle } from "../conversation/index.js";
import type { ErrorCode } from "../platform/index.js";
import type { ChatOrHandle, OutboxItem, Store } from "../store/index.js";
import { type Addressed, type FirewallFacts, personAt, withPairedOwners } from "./firewall.js";
import { holdsLink } from "./links.js";
import { listedChats } from "./listed-chat.js";

/** How an agent behaves towards people to whom it writes of its own accord (behaviour 18.7). */
export interface Manners {
  /** Messages in a row to one person who does not answer; 0 is off. */
  unansweredLimit: number;
  /** Whether links and files may go to somebody who has not written yet. */
  firstMessage: "plain" | "any";
}

/** Why manners forbid a send. */
export interface MannersBreach {
  code: ErrorCode & ("UNANSWERED" | "FIRST_MESSAGE");
  message: string;
}

/**
 * Looks up who reads a message, and holds it to the manners that an account has.
 * @throws what the Mac throws when its history decides and cannot be read
 */
export async function refuseUnmannerly(
  item: OutboxItem & Addressed,
  store: Store,
  settings: FirewallFacts & { manners: Manners },
  mac: MacHistory,
): Promise<MannersBreach | undefined> {
  if (item.initiative === undefined) return undefined;
  const { owners, region, manners } = await withPairedOwners(settings, item.account, store);
  const person = item.handle ?? (await personAt(item, store));
  return mannersBreach(item, { store, manners, owners, region, person, mac });
}

/** What manners are judged by beside the message. */
interface MannersFacts {
  store: Pick<Store, "journal" | "outbox">;
  manners: Manners;
  /** Handles of the owners, in normal form. */
  owners: ReadonlySet<string>;
  region: string;
  /** Who reads a direct chat; undefined for a group, and where nobody knows. */
  person: string | undefined;
  mac: MacHistory;
}

/** What the Mac tells of the time before this gateway. */
export interface MacHistory {
  /** Newest activity first. */
  chats(limit: number): Promise<Chat[]>;
  /** Newest first. */
  history(query: { chatId: number; limit: number }): Promise<MessageRow[]>;
}

/** A conversation whose first message nobody answered is begun after this, milliseconds. */
const firstMs = 24 * 60 * 60_000;
/** The newest messages of a chat among which one of somebody else is looked for. */
const looksAt = 20;

/**
 * Holds what an agent sends of its own accord to the manners of a line (behaviour 18.7). The answer to who has just written is
 * none of that, nor is what a person sends or said yes to, nor what an owner reads.
 * @returns undefined when it may go
 * @throws what the Mac throws when its history decides and cannot be read
 */
async function mannersBreach(item: OutboxItem, facts: MannersFacts): Promise<MannersBreach | undefined> {
  const { initiative, draft, inDoubt } = item;
  // What may have gone out already is looked for, and is no news to its reader.
  if (initiative === undefined || draft !== undefined || inDoubt) return undefined;
  const handle = facts.person && normalizeHandle(facts.person, facts.region);
  if (handle !== undefined && facts.owners.has(handle)) return undefined;
  return (await unanswered(item, facts, handle)) ?? (await firstWithExtras(item, facts, handle));
}

async function unanswered(
  item: OutboxItem,
  { store, manners: { unansweredLimit } }: MannersFacts,
  handle: string | undefined,
): Promise<MannersBreach | undefined> {
  if (unansweredLimit === 0 || handle === undefined) return undefined;
  const { account, id, createdAt } = item;
  const sent = await store.outbox.initiatives(account, keysOf(item, handle), {
    before: id,
    except: createdAt,
    atMost: unansweredLimit,
  });
  const oldest = sent.at(-1);
  if (sent.length < unansweredLimit || oldest === undefined) return undefined;
  if (await store.journal.heardFrom(account, placeOf(item, handle), oldest)) return undefined;
  return {
    code: "UNANSWERED",
    message: `${unansweredLimit} messages in a row got no answer (outbound.unansweredLimit); it goes on when the person writes`,
  };
}

async function firstWithExtras(
  item: OutboxItem,
  facts: MannersFacts,
  handle: string | undefined,
): Promise<MannersBreach | undefined> {
  const what = extraIn(item);
  // An owner who has just written asked for it.
  if (what === undefined || item.initiative === "owner" || facts.manners.firstMessage === "any")
    return undefined;
  if (await hasBegun(item, facts, handle)) return undefined;
  return {
    code: "FIRST_MESSAGE",
    message: `a first message of an agent's own accord carries no ${what} (outbound.firstMessage); nobody there has written yet`,
  };
}

/** Somebody there wrote, or was written to a day ago; the Mac may know of more than this gateway. */
async function hasBegun(
  item: OutboxItem,
  { store, mac, region }: MannersFacts,
  handle: string | undefined,
): Promise<boolean> {
  const { account, createdAt } = item;
  if (await store.journal.heardFrom(account, placeOf(item, handle), 0)) return true;
  const until = createdAt - firstMs;
  if (await store.outbox.hasWrittenUntil(account, keysOf(item, handle), until)) return true;
  for (const chat of await listedChats((limit) => mac.chats(limit))) {
    if (!isChatOf(item, chat, handle, region)) continue;
    const rows = await mac.history({ chatId: chat.id, limit: looksAt });
    if (rows.some(({ fromMe, sentAt }) => !fromMe || sentAt <= until)) return true;
  }
  return false;
}

function isChatOf({ target }: OutboxItem, chat: Chat, handle: string | undefined, region: string): boolean {
  if (target.kind === "chat_id" && target.chatId === chat.id) return true;
  return (
    handle !== undefined && !hasSeveralPeople(chat) && normalizeHandle(chat.identifier, region) === handle
  );
}

/** What of a message is more than words, for a person. */
function extraIn({ file, text = "", poll, act }: OutboxItem): string | undefined {
  if (file !== undefined) return "files";
  const said = [
    text,
    poll?.question,
    ...(poll?.options ?? []),
    ...Object.values(act?.parameters ?? {}).flat(),
  ];
  return said.some((words) => typeof words === "string" && holdsLink(words)) ? "links" : undefined;
}

function keysOf({ chatKey }: OutboxItem, handle: string | undefined): string[] {
  return [...new Set([chatKey, ...(handle === undefined ? [] : [`handle:${handle}`])])];
}

function placeOf({ target }: OutboxItem, handle: string | undefined): ChatOrHandle {
  return {
    ...(target.kind === "chat_id" && { chatId: target.chatId }),
    ...(handle !== undefined && { handle }),
  };
}
