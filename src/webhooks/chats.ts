import { type Config, regionOf } from "../config/index.js";
import { parseTarget } from "../conversation/index.js";
import { ChatReach, Sight } from "../events/index.js";
import type { KeptEvent, Store } from "../store/index.js";

/** What it is looked up in whether a webhook is told of an event. */
export interface ChatsDeps {
  store: Pick<Store, "journal" | "turns">;
  config: () => Config;
}

/**
 * Makes what tells whether an event is of these conversations; used for one page of events, for it asks for the chats of an account
 * once. What tells of none is of none; what cannot be read as a target names none.
 * @param chats targets as people write them, of any account; absent: all are
 */
export function inChats(
  chats: readonly string[] | undefined,
  { store, config }: ChatsDeps,
): (event: KeptEvent) => Promise<boolean> {
  if (chats === undefined) return async () => true;
  const sights = new Map<string, Sight>();
  return (event) => {
    const { account } = event;
    const sight = sights.get(account) ?? sightOf(account);
    sights.set(account, sight);
    return sight.has(event);
  };

  function sightOf(account: string): Sight {
    const region = regionOf(config(), account);
    const named = chats!.flatMap((text) => {
      const target = parseTarget(text, region);
      return target.ok ? [target.value] : [];
    });
    return new Sight(new ChatReach({ account, chats: named }, region, store.journal), store);
  }
}
