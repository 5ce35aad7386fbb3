import { storeUrl } from "../config/index.js";
import { TapbackError } from "../platform/index.js";
import {
  openExistingStateAt,
  openStateAt,
  type StatePlace,
  type Store,
  stateFile,
  withExistingStateAt,
} from "../store/index.js";
import type { Context } from "./context.js";

/** Path of the state database where it is a file. */
export function statePath(context: Context): string {
  return stateFile(context.stateDir);
}

/** Where the state is. @throws `CONFIG_INVALID` when that cannot be told */
export async function statePlace({ env, home, stateDir, configOption }: Context): Promise<StatePlace> {
  return { stateDir, url: await storeUrl({ env, home }, configOption) };
}

/** Opens the state for a command that only makes sense when there is some. @throws `NO_STATE` */
export async function openState(context: Context): Promise<Store> {
  const store = await openExistingStateAt(await statePlace(context));
  if (store) return store;
  throw new TapbackError("NO_STATE", `there is no state in ${context.stateDir} yet`, {
    hint: "Start the gateway first with `tapback gateway`.",
  });
}

/** Opens the state, made when there is none yet: for a command that comes before the first start of the gateway. */
export async function createState(context: Context): Promise<Store> {
  return openStateAt(await statePlace(context));
}

/** Lends the state to a command, undefined when there is none yet, and closes it however that ends. */
export async function withStateIfAny<T>(
  context: Context,
  use: (store: Store | undefined) => T | Promise<T>,
): Promise<T> {
  return withExistingStateAt(await statePlace(context), use);
}
