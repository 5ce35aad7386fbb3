import type { Clock } from "../platform/index.js";
import { lockStateAt, openStateAt, type StatePlace, type Store, stateFile } from "../store/index.js";
import type { GatewayParts } from "./options.js";

/**
 * Opens the state for a gateway, which has it to itself until it is closed (behaviour 21.1): one in a file is locked with its
 * folder (`lock.ts`), one on a server there.
 * @param open opens the file in another way
 * @throws `GATEWAY_RUNNING` when another gateway has the state on its server; as `openStateAt`
 */
export async function takeState(
  place: StatePlace,
  clock: Clock,
  open: GatewayParts["openStore"],
): Promise<Store> {
  if (open) return open(stateFile(place.stateDir), clock);
  const lock = await lockStateAt(place, clock);
  const store = await openStateAt(place, clock).catch(async (error) => {
    await lock?.release();
    throw error;
  });
  if (!lock) return store;
  return {
    ...store,
    async close(options) {
      await store.close(options);
      await lock.release();
    },
  };
}
