import type { KnownChat } from "../coming-over/index.js";
import { parseConfig, resolveAccounts } from "../config/index.js";
import { macOf } from "../gateway/index.js";
import { TapbackError } from "../platform/index.js";
import type { Context } from "./context.js";

/** More chats than any phone has. */
const mostChats = 10_000;

/**
 * The chats of the account that the new configuration serves, to find the numbers of groups that are named by GUID.
 * @returns none where no account can be reached, or where there are several: each counts its chats by itself
 */
export async function knownChats(text: string, { env, home }: Context): Promise<KnownChat[]> {
  const parsed = await parseConfig(text, env);
  if (!parsed.ok) return [];
  const accounts = resolveAccounts(parsed.value.config).filter(({ enabled }) => enabled);
  if (accounts.length !== 1) return [];
  try {
    return await macOf(accounts[0]!, home).look((reader) => reader.chats(mostChats));
  } catch (error) {
    if (error instanceof TapbackError) return [];
    throw error;
  }
}
