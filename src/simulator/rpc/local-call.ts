import { ChatBook } from "../reading/chats.js";
import type { World } from "../world/world.js";
import type { Call } from "./method.js";
import { Parameters } from "./parameters.js";
import { Subscriptions } from "./subscriptions.js";

/** A call of one process that runs one command, for commands that do what a method does. */
export function localCall(world: World, method: string, params: Record<string, unknown>): Call {
  return {
    world,
    method,
    params: new Parameters(params, false),
    chats: new ChatBook(world, true),
    subscriptions: new Subscriptions(world),
    links: new Map(),
    contactsAreCold: () => false,
    exit: (code) => process.exit(code),
    notify: () => {},
  };
}
