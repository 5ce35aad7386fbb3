import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Clock, systemClock } from "../platform/index.js";
import type { WaitingPlace } from "./copy/waiting-files.js";
import { openStore } from "./sqlite/index.js";
import type { Store } from "./store.js";

/** Where a state is: in the file of a state folder, or on the server that the configuration names (behaviour 21.1). */
export interface StatePlace {
  stateDir: string;
  /** `store.url`; absent: in the file. */
  url?: string | undefined;
}

/** The state's file in its folder. */
export function stateFile(stateDir: string): string {
  return join(stateDir, "state.db");
}

/**
 * Opens the state where it is; made when there is none yet. What a server needs is loaded only then.
 * @param clock by which it is looked for what other processes wrote
 * @throws `STATE_UNWRITABLE`, `STORE_TOO_NEW`, `STORE_UNAVAILABLE`, `STORE_FULL`, `CONFIG_INVALID`
 */
export async function openStateAt({ stateDir, url }: StatePlace, clock: Clock = systemClock): Promise<Store> {
  if (url === undefined) return openStore(stateFile(stateDir), clock);
  const { openPostgresStore } = await import("./postgres/index.js");
  const store = openPostgresStore(url, clock);
  try {
    // It connects with its first call: whoever opens it is told at once where that fails.
    await store.turns.counts();
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

/**
 * Opens the state for a gateway or a worker: one in a file is locked with its folder, one on a server is shared with other nodes, and
 * with nobody who needs it still, until it is closed (behaviour 21.1a).
 * @param open opens a file in another way
 * @throws `GATEWAY_RUNNING` when a command has the state on its server alone; as {@link openStateAt}
 */
export async function takeStateAt(place: StatePlace, clock: Clock, open?: typeof openStore): Promise<Store> {
  if (open) return open(stateFile(place.stateDir), clock);
  const lock = await lockAt(place, clock, "shared");
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

/** As {@link openStateAt}, but undefined where there is no state yet: what commands read must not make it. */
export async function openExistingStateAt(place: StatePlace): Promise<Store | undefined> {
  return (await hasState(place)) ? openStateAt(place) : undefined;
}

/**
 * Lends the state to whoever reads it, and closes it however that ends: connections to a server that are left open would keep a
 * command from ending at all.
 * @param use gets undefined where there is no state yet @throws as {@link openStateAt}
 */
export async function withExistingStateAt<T>(
  place: StatePlace,
  use: (store: Store | undefined) => T | Promise<T>,
): Promise<T> {
  const store = await openExistingStateAt(place);
  try {
    return await use(store);
  } finally {
    await store?.close();
  }
}

/** Whether there is a state. @throws `STORE_UNAVAILABLE`, `CONFIG_INVALID` */
export async function hasState({ stateDir, url }: StatePlace): Promise<boolean> {
  if (url === undefined) return existsSync(stateFile(stateDir));
  const { hasPostgresState } = await import("./postgres/index.js");
  return hasPostgresState(url);
}

/**
 * Copies a state from its file to a server.
 * @returns how many rows of each table @throws `STORE_EXISTS`, `STORE_COPY_DIFFERS`, `STORE_UNAVAILABLE`
 */
export async function copyStateToServer(stateDir: string, url: string): Promise<Record<string, number>> {
  return (await import("./copy/index.js")).copyToServer(stateFile(stateDir), url);
}

/**
 * Copies a state from a server into a file, as it is at one moment. @param file must not exist
 * @param waiting where the files that wait to be sent go
 * @returns how many rows of each table @throws `STORE_EXISTS`, `NO_STATE`, `STORE_COPY_DIFFERS`, `STORE_UNAVAILABLE`
 */
export async function copyStateToFile(
  url: string,
  file: string,
  waiting: WaitingPlace,
): Promise<Record<string, number>> {
  return (await import("./copy/index.js")).copyToFile(url, file, waiting);
}

/** The right to a state on a server. */
export interface StateLock {
  /** Gives it up. */
  release(): Promise<void>;
}

/**
 * Takes the right to have a state on a server alone, as the lock of the state folder is that to its file (behaviour 1.3, 21.1a).
 * @returns undefined where the state is in a file
 * @throws `GATEWAY_RUNNING` when a gateway or a worker has it, or its lease is not over
 */
export function lockStateAt(place: StatePlace, clock: Clock = systemClock): Promise<StateLock | undefined> {
  return lockAt(place, clock, "alone");
}

async function lockAt(
  { url }: StatePlace,
  clock: Clock,
  share: "shared" | "alone",
): Promise<StateLock | undefined> {
  if (url === undefined) return undefined;
  const { lockPostgresState } = await import("./postgres/index.js");
  return lockPostgresState(url, clock, share);
}
