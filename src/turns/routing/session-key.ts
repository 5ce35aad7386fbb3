import { normalizeId } from "../../config/index.js";
import { type Chat, handleKind, normalizeHandle } from "../../conversation/index.js";

/** How far direct chats share a session (behaviour 5.1). */
export type DmScope = "main" | "per-peer" | "per-channel-peer" | "per-account-channel-peer";

/** A person's handles, in normal form, to the peer that `session.identityLinks` makes of them. */
export type IdentityLinks = ReadonlyMap<string, string>;

/**
 * Compiles `session.identityLinks`.
 * @param links handles in any spelling, by name
 * @param region for numbers without `+`
 */
export function compileIdentityLinks(
  links: Readonly<Record<string, readonly string[]>>,
  region: string,
): IdentityLinks {
  return new Map(
    Object.entries(links).flatMap(([name, handles]) => {
      const own = handles.map((handle) => normalizeHandle(handle, region));
      const peer = linkedPeer(name.trim().toLowerCase(), own);
      return own.map((handle) => [handle, peer] as const);
    }),
  );
}

/** A link that is called like somebody's address is marked, unless that address is one of its own. */
function linkedPeer(name: string, own: readonly string[]): string {
  return name.includes(":") || (isAddress(name) && !own.includes(name)) ? `link:${name}` : name;
}

/** A sender who is called something may be called like a link, or like a part of a key, and is marked (behaviour 5.1). */
function unlinkedPeer(handle: string): string {
  return isAddress(handle) ? handle : `raw:${handle}`;
}

/** Whether a normal form is a number or an e-mail address, as the sender of nearly every message is. */
function isAddress(handle: string): boolean {
  const kind = handleKind(handle);
  return (kind === "phone" || kind === "email" || /^\d+$/.test(handle)) && !handle.includes(":");
}

/** What a session is found by. */
export interface SessionKeyParts {
  agentId: string;
  accountId: string;
  /** Whether it is the account meant where none is named. */
  isDefaultAccount: boolean;
  /** The chat is judged as a group (behaviour 4.1). */
  isGroup: boolean;
  chat: Pick<Chat, "id" | "identifier">;
  /** The other person of a direct chat, in normal form. */
  peer: string;
  dmScope: DmScope;
  identityLinks?: IdentityLinks;
}

/**
 * The key of the session in which a message is answered (behaviour 5.1), e.g. `agent:main:main`,
 * `agent:main:imessage:group:88` or, on an account that is not the default one, `agent:main:imessage:work:group:88`.
 */
export function sessionKey(place: SessionKeyParts): string {
  const agent = `agent:${normalizeId(place.agentId)}`;
  if (place.isGroup) {
    const { id, identifier } = place.chat;
    const chat = id > 0 ? id : /:|^\d+$/.test(identifier) ? `raw:${identifier}` : identifier;
    return `${agent}:imessage:${accountPart(place)}group:${chat}`;
  }
  const peer = place.identityLinks?.get(place.peer) ?? unlinkedPeer(place.peer);
  switch (place.dmScope) {
    case "main":
      return `${agent}:main`;
    case "per-peer":
      return `${agent}:direct:${peer}`;
    case "per-channel-peer":
      return `${agent}:imessage:direct:${peer}`;
    case "per-account-channel-peer":
      return `${agent}:imessage:${normalizeId(place.accountId)}:direct:${peer}`;
  }
}

/** Two accounts have chats of the same numbers, for each Messages database counts from 1. */
function accountPart({
  accountId,
  isDefaultAccount,
}: Pick<SessionKeyParts, "accountId" | "isDefaultAccount">): string {
  return isDefaultAccount ? "" : `${normalizeId(accountId)}:`;
}

/** An account may be called `group`, and a direct chat of it is none. */
const groupKey = /^(agent:[^:]+:imessage:)(?:[^:]+:)?group:(?!direct:)(.+)$/s;

/** Whether a session is that of a group: it belongs to one account. */
export function isGroupSession(key: string): boolean {
  return groupKey.test(key);
}

/**
 * The key that a group's session has on an account, made of a key that it had before.
 * @returns undefined for the session of anything but a group
 */
export function groupKeyOn(
  key: string,
  account: Pick<SessionKeyParts, "accountId" | "isDefaultAccount">,
): string | undefined {
  const [, head, chat] = groupKey.exec(key) ?? [];
  return chat === undefined ? undefined : `${head}${accountPart(account)}group:${chat}`;
}

/** The key of a session that was spawned for an ACP agent. @param uuid made by the caller */
export function acpSessionKey(agentId: string, uuid: string): string {
  return `agent:${normalizeId(agentId)}:acp:${uuid}`;
}

/** The id of the agent that a session's key names. */
export function agentOfKey(key: string): string {
  return key.split(":")[1] ?? "";
}

/** Whether a session was spawned for, or bound to, an ACP agent. */
export function isAcpSession(key: string): boolean {
  return /^agent:[^:]+:acp:/.test(key);
}
