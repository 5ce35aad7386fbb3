import type { World } from "../world/world.js";
import type { Method } from "./method.js";
import { eventMethods } from "./methods/events.js";
import { groupMethods } from "./methods/groups.js";
import { lookupMethods } from "./methods/lookup.js";
import { messageMethods } from "./methods/messages.js";
import { pollMethods } from "./methods/polls.js";
import { presenceMethods } from "./methods/presence.js";
import { readingMethods } from "./methods/reading.js";
import { richMethods } from "./methods/rich.js";
import { sendingMethods } from "./methods/sending.js";
import { stateMethods } from "./methods/state.js";
import { watchingMethods } from "./methods/watching.js";

/** Every method of every version, under its name. */
const methods: Record<string, Method> = {
  ...eventMethods,
  ...groupMethods,
  ...lookupMethods,
  ...messageMethods,
  ...pollMethods,
  ...presenceMethods,
  ...readingMethods,
  ...richMethods,
  ...sendingMethods,
  ...stateMethods,
  ...watchingMethods,
};

/** @returns the method, when the played version has it */
export function methodOf(world: Pick<World, "since">, name: string): Method | undefined {
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  return method?.since === undefined || world.since(method.since) ? method : undefined;
}
