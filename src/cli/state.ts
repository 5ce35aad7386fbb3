import { join } from "node:path";
import { TapbackError } from "../platform/index.js";
import { openExistingStore, openStore, type Store } from "../store/index.js";
import type { Context } from "./context.js";

/** Path of the state database. */
export function statePath(context: Context): string {
  return join(context.stateDir, "state.db");
}

/** Opens the state for a command that only makes sense when there is some. @throws `NO_STATE` */
export function openState(context: Context): Store {
  const store = openExistingStore(statePath(context));
  if (store) return store;
  throw new TapbackError("NO_STATE", `there is no state in ${context.stateDir} yet`, {
    hint: "Start the gateway first with `tapback gateway`.",
  });
}

/** Opens the state, made when there is none yet: for a command that comes before the first start of the gateway. */
export function createState(context: Context): Store {
  return openStore(statePath(context));
}

/** Opens the state, or undefined when there is none yet. */
export function openStateIfAny(context: Context): Store | undefined {
  return openExistingStore(statePath(context));
}
