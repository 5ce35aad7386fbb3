import type { WebhookConfig } from "../config/index.js";
import type { EventLog } from "../store/index.js";
import { type HookMemory, hookName, readerOf } from "./reader.js";

/** How a webhook does, as programs read it (behaviour 20.2). */
export interface HookState {
  /** Its place in the configuration, from 1. */
  number: number;
  name: string;
  events: string[];
  chats: string[] | null;
  state: "new" | "ok" | "failing" | "gone";
  /** How many events it has not been through yet, those included that it is not told. */
  behind: number;
  /** ISO 8601, in UTC; null where it takes what it is told. */
  failingSince: string | null;
  nextTryAt: string | null;
  why: string | null;
}

/** @param events the log; absent where there is no state yet */
export async function hookStates(
  hooks: readonly WebhookConfig[],
  events: Pick<EventLog, "readers" | "countAfter"> | undefined,
): Promise<HookState[]> {
  const readers = (await events?.readers()) ?? [];
  const iso = (at: number | undefined) => (at === undefined ? null : new Date(at).toISOString());
  return Promise.all(hooks.map(stateOf));

  async function stateOf(hook: WebhookConfig, index: number): Promise<HookState> {
    const reader = readers.find(({ name }) => name === readerOf(hook.url));
    const { failingSince, nextTryAt, why, gone } = (reader?.memory ?? {}) as HookMemory;
    const served = gone ? "gone" : failingSince === undefined ? "ok" : "failing";
    return {
      ...{ number: index + 1, name: hookName(hook.url), events: hook.events, chats: hook.chats ?? null },
      state: reader === undefined ? "new" : served,
      behind: reader === undefined ? 0 : await events!.countAfter(reader.cursor),
      ...{ failingSince: iso(failingSince), nextTryAt: iso(nextTryAt), why: why ?? null },
    };
  }
}
