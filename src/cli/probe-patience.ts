import { loadConfig, resolveAccounts } from "../config/index.js";
import type { Context } from "./context.js";

/** How long a gateway may take to answer what needs no look at a Mac, milliseconds. */
const usualMs = 30_000;
/** What it takes beside its checks. */
const restMs = 15_000;
/** A check of an account whose configuration cannot be read from here. */
const longCheckMs = 60_000;
/** The longest time that a timer of Node knows. */
const mostMs = 2 ** 31 - 1;

/**
 * How long the answer of a gateway that probes its accounts may take: its checks run side by side, each within the time asked for,
 * else within the account's own (behaviour 13).
 * @param timeoutMs as asked for @returns milliseconds
 */
export async function probePatienceMs(context: Context, timeoutMs: number | undefined): Promise<number> {
  const checkMs = timeoutMs ?? (await longestCheckMs(context));
  return Math.min(mostMs, Math.max(usualMs, checkMs + restMs));
}

async function longestCheckMs({ env, home, configOption: path }: Context): Promise<number> {
  const loaded = await loadConfig({ env, home, path });
  if (!loaded.ok || loaded.value.source === undefined) return longCheckMs;
  return Math.max(0, ...resolveAccounts(loaded.value.config).map(({ probeTimeoutMs }) => probeTimeoutMs));
}
