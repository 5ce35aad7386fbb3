import type { World } from "../world/world.js";
import type { Method } from "./method.js";
import { readingMethods } from "./methods/reading.js";
import { sendingMethods } from "./methods/sending.js";
import { watchingMethods } from "./methods/watching.js";

/** Every method of every version, under its name. */
export const methods: Record<string, Method> = {
  ...readingMethods,
  ...watchingMethods,
  ...sendingMethods,
};

/** @returns the method, when the played version has it */
export function methodOf(world: Pick<World, "since">, name: string): Method | undefined {
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  return method?.since === undefined || world.since(method.since) ? method : undefined;
}
