import { groupNameIn } from "../config/index.js";
import { type Chat, normalizeHandle, readChatTarget } from "../conversation/index.js";

/** A list of handles and chat targets (behaviour 3.2), normalised once for comparing. */
export interface Allowlist {
  /** `"*"` is in it. */
  readonly everyone: boolean;
  /** Handles in normal form. */
  readonly handles: ReadonlySet<string>;
  readonly chatIds: ReadonlySet<number>;
  /** GUIDs and identifiers, as {@link chatKey} writes them. */
  readonly chatKeys: ReadonlySet<string>;
}

/**
 * Normalises a list. An empty list admits nobody.
 * @param region ISO 3166 alpha-2, for numbers without `+`
 */
export function compileAllowlist(entries: readonly string[], region: string): Allowlist {
  let everyone = false;
  const handles = new Set<string>();
  const chatIds = new Set<number>();
  const chatKeys = new Set<string>();
  for (const raw of entries) {
    const entry = raw.trim();
    const chat = readChatTarget(entry);
    if (entry === "*") everyone = true;
    else if (chat?.kind === "chat_id") chatIds.add(chat.chatId);
    else if (chat?.kind === "chat_guid") chatKeys.add(chatKey(chat.guid, region));
    else if (chat?.kind === "chat_identifier") chatKeys.add(chatKey(chat.identifier, region));
    // A group of people whose people nobody told of names nobody.
    else if (entry !== "" && groupNameIn(entry) === undefined) handles.add(normalizeHandle(entry, region));
  }
  handles.delete("");
  chatKeys.delete("");
  return { everyone, handles, chatIds, chatKeys };
}

/** How an entry matched; undefined when none did. */
export type Match = "everyone" | "sender" | "chat";

/**
 * Looks a sender and a chat up in a list.
 * @param sender in normal form
 */
export function matchAllowlist(
  list: Allowlist,
  sender: string,
  chat: Chat,
  region: string,
): Match | undefined {
  if (sender !== "" && list.handles.has(sender)) return "sender";
  if (chat.id > 0 && list.chatIds.has(chat.id)) return "chat";
  if (list.chatKeys.size > 0) {
    for (const spelling of [chat.guid, chat.identifier])
      if (spelling !== "" && list.chatKeys.has(chatKey(spelling, region))) return "chat";
  }
  return list.everyone ? "everyone" : undefined;
}

/**
 * The part of a chat's GUID or identifier that stays the same while Messages changes the service in front of it
 * (`iMessage;-;X`, `SMS;-;X`, `any;-;X`, bare `X`; protocol reference 9.3), in normal form.
 */
export function chatKey(spelling: string, region: string): string {
  return normalizeHandle(spelling.slice(spelling.lastIndexOf(";") + 1), region);
}
