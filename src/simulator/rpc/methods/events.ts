import { bridgeEvent } from "../../reading/bridge-events.js";
import { passBridge } from "../bridge-gate.js";
import { RpcError } from "../errors.js";
import type { Method } from "../method.js";
import { newSubscription } from "./watching.js";

/** Typing of others, as it happens; what was before is not told. */
const subscribe: Method = {
  lane: "control",
  withoutDatabase: true,
  run: async (call) => {
    const { world, subscriptions, params } = call;
    await passBridge(call, "status", true);
    const bufferLimit = params.integer("buffer_limit") ?? 256;
    if (bufferLimit < 1 || bufferLimit > 4096)
      throw new RpcError(-32602, "Invalid params", "buffer_limit must be between 1 and 4096");
    const subscription = newSubscription(call);
    let { next } = world.events.after(-1);
    const poll = () => {
      const news = world.events.after(next);
      next = news.next;
      for (const entry of news.entries) {
        const event = bridgeEvent(entry);
        if (event !== undefined) call.notify("bridge.event", { subscription, event });
      }
      return Number.POSITIVE_INFINITY;
    };
    setImmediate(() => subscriptions.start(subscription, world, { debounceMs: 0, pollMs: 1000, poll }));
    return { subscription, buffer_limit: bufferLimit, resumable: false };
  },
};

export const eventMethods: Record<string, Method> = { "bridge.events.subscribe": subscribe };
