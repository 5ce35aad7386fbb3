import { type ChatRow, chatByAnyName, chatByGuid, chatById } from "../messages-app/chats.js";
import type { World } from "../world/world.js";
import { deliveryError, internal, invalidParams } from "./errors.js";
import type { Call } from "./method.js";

/** The chat as a request names it; nothing is looked up yet. */
export interface Given {
  to?: string;
  chatId?: number;
  identifier?: string;
  guid?: string;
}

/** Reads the target. @throws `use to or chat_*; not both`, and since 0.14.0 when more than one is given */
export function givenTarget({ world, params }: Call): Given {
  const given: Given = {};
  const to = params.text("to");
  const chatId = params.integer("chat_id");
  const identifier = params.text("chat_identifier");
  const guid = params.text("chat_guid");
  if (to) given.to = isName(to) ? handleOfContact(world, to) : to;
  if (chatId !== undefined) given.chatId = chatId;
  if (identifier) given.identifier = identifier;
  if (guid) given.guid = guid;
  const count = Object.keys(given).length;
  if (given.to !== undefined && count > 1) throw invalidParams("use to or chat_*; not both");
  if (world.since("0.14.0") && count > 1) throw invalidParams("exactly one target is allowed");
  return given;
}

/** Whether a `to` is a contact's name: no address and no number (protocol reference 3.1). */
export function isName(to: string): boolean {
  return !(to.includes("@") || to.startsWith("+") || /^[\d\s().-]+$/.test(to));
}

/** The one contact of a name; the name itself when there is none. @throws when there are several */
function handleOfContact(world: World, name: string): string {
  const matches = Object.entries(world.settings().names).filter(
    ([, known]) => known.toLowerCase() === name.toLowerCase(),
  );
  if (matches.length > 1)
    throw invalidParams(`Invalid chat target: ${name} matches ${matches.length} contacts`);
  return matches[0]?.[0] ?? name;
}

/** A chat as far as imsg knows it before the bridge is asked. */
export interface Addressed {
  /** Absent: the database has none of that name. */
  chat?: ChatRow;
  /** As it was given. */
  name: string;
}

/** What a request is about, as far as the caller is to blame for it. @throws when no chat is named, and for an unknown `chat_id` */
export function addressed(call: Call): Addressed {
  const given = givenTarget(call);
  const { world } = call;
  if (given.chatId !== undefined) {
    const chat = chatById(world, given.chatId);
    if (chat === undefined) throw invalidParams(`unknown chat_id ${given.chatId}`);
    return { chat, name: chat.guid };
  }
  const name = given.guid ?? given.identifier;
  if (name === undefined) throw invalidParams("chat_guid, chat_identifier, or chat_id is required");
  const byGuid = given.guid === undefined ? undefined : chatByGuid(world, given.guid);
  return { chat: byGuid ?? chatByAnyName(world, name), name };
}

/**
 * Reads the target and the other arguments, in the order in which the played version complains: before 0.14.0 of the target
 * first (protocol reference 12, row 22).
 * @param read reads the others
 */
export function targetAnd<T>(call: Call, read: () => T): [Addressed, T] {
  if (!call.world.since("0.14.0")) return [addressed(call), read()];
  const others = read();
  return [addressed(call), others];
}

/**
 * The chat of a method that needs an existing one. A name that is unknown is the bridge's error, not the caller's, so the
 * bridge is passed before.
 * @param action the bridge's name for what is done
 */
export function existing(call: Call, { chat, name }: Addressed, action: string): ChatRow {
  if (chat === undefined) throw dylibError(call, action, `Chat not found: ${name}`);
  return chat;
}

/** An error that the helper in Messages answered. */
export function dylibError({ world }: Call, operation: string, detail: string): Error {
  const text = `Dylib error: ${detail}`;
  return world.since("0.14.0")
    ? deliveryError({ disposition: "not_started", transport: "bridge", operation, detail: text })
    : internal(text);
}
