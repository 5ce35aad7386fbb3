import { TapbackError } from "../../platform/index.js";
import { type ChatRow, ensureDirectChat, findChat, participantsOf } from "../messages-app/chats.js";
import type { Actor } from "../messages-app/deliver.js";
import { handleOfPerson } from "../messages-app/person.js";
import type { Place } from "../world/place.js";
import type { World } from "../world/world.js";
import type { Given, Option } from "./argv.js";

/** Who acts and where; shared by the commands that play a person. */
export const fromOption: Option = { name: "from", value: "handle", help: "The person who does it" };

/** `me` is the account itself. */
export function actorOf(from: string | undefined): Actor {
  return from === undefined || from === "me" ? "me" : { handle: handleOfPerson(from) };
}

/** `iMessage`, `SMS` or `RCS`, however it is written. @throws `SERVICE_UNKNOWN` */
export function serviceNamed(name = "iMessage"): string {
  const service = ["iMessage", "SMS", "RCS"].find((known) => known.toLowerCase() === name.toLowerCase());
  if (service !== undefined) return service;
  throw new TapbackError("SERVICE_UNKNOWN", `"${name}" is not a service`, {
    hint: "Use iMessage, SMS or RCS.",
  });
}

/** A time as typed. @returns milliseconds since 1970 @throws `TIME_INVALID` */
export function timeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const time = Date.parse(text);
  if (!Number.isNaN(time)) return time;
  throw new TapbackError("TIME_INVALID", `"${text}" is not a time`, { hint: "Write 2026-05-09T06:13:20Z." });
}

/** Notes a contact's name. */
export function rememberName(place: Place, handle: string, name: string): void {
  if (place.settings().names[handle] === name) return;
  place.change((settings) => ({ ...settings, names: { ...settings.names, [handle]: name } }));
}

/**
 * The chat of a person's message: `--chat`, `--chat-id` or `--group` when given, else the direct chat with that person.
 * @throws `CHAT_NOT_FOUND`, `NOT_A_MEMBER`
 */
export function chatOf(world: World, given: Given, from: string): ChatRow {
  const named = given.text("chat") ?? given.text("chat-id") ?? given.text("group");
  const handle = handleOfPerson(from);
  if (named === undefined)
    return world.write(() => ensureDirectChat(world, handle, serviceNamed(given.text("service"))));
  const chat = findChat(world, named);
  if (world.settings().me.includes(handle) || participantsOf(world, chat.id).includes(handle)) return chat;
  throw new TapbackError("NOT_A_MEMBER", `${handle} is not in chat ${chat.id}`, {
    hint: `Add them: imsg-sim group add --chat ${chat.id} --address ${handle}`,
  });
}
