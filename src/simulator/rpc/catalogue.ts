import type { Place } from "../world/place.js";
import type { Method } from "./method.js";
import { eventMethods } from "./methods/events.js";
import { groupMethods } from "./methods/groups.js";
import { lookupMethods } from "./methods/lookup.js";
import { messageMethods } from "./methods/messages.js";
import { namePhotoMethods } from "./methods/name-photo.js";
import { pollMethods } from "./methods/polls.js";
import { presenceMethods } from "./methods/presence.js";
import { readingMethods } from "./methods/reading.js";
import { richMethods } from "./methods/rich.js";
import { sendingMethods } from "./methods/sending.js";
import { stateMethods } from "./methods/state.js";
import { trackedMethods } from "./methods/tracked.js";
import { watchingMethods } from "./methods/watching.js";

/** How every method of every version works, under its name. */
export const methods: Readonly<Record<string, Method>> = {
  ...eventMethods,
  ...groupMethods,
  ...lookupMethods,
  ...messageMethods,
  ...namePhotoMethods,
  ...pollMethods,
  ...presenceMethods,
  ...readingMethods,
  ...richMethods,
  ...sendingMethods,
  ...stateMethods,
  ...trackedMethods,
  ...watchingMethods,
};

/** A method as the played version has it. */
export interface PlayedMethod extends Method {
  /** Its parameters, each with its aliases: `reply_to|replyTo`. */
  parameters: readonly string[];
}

/** @returns the method, when the played version has it */
export function methodOf(place: Pick<Place, "profile">, name: string): PlayedMethod | undefined {
  const { methods: reported, unreported } = place.profile();
  const list = [reported, unreported].find((each) => Object.hasOwn(each, name));
  if (list === undefined || !Object.hasOwn(methods, name)) return undefined;
  return { ...methods[name]!, parameters: list[name]! };
}
