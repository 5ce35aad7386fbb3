import type { FoundChats } from "../coming-over/index.js";
import { type Config, resolveAccounts } from "../config/index.js";
import { macOf } from "../gateway/index.js";
import { TapbackError } from "../platform/index.js";
import type { Context } from "./context.js";

/** More chats than any phone has. */
const mostChats = 10_000;

/** The chats of the account that the new configuration serves, to find the numbers of groups that are named by GUID. */
export async function knownChats(config: Config, { home }: Context): Promise<FoundChats> {
  const accounts = resolveAccounts(config).filter(({ enabled }) => enabled);
  if (accounts.length !== 1)
    return {
      problem: accounts.length === 0 ? "none is served" : "each of several numbers its chats by itself",
    };
  try {
    return { chats: await macOf(accounts[0]!, home).look((reader) => reader.chats(mostChats)) };
  } catch (error) {
    if (error instanceof TapbackError) return { problem: error.message };
    throw error;
  }
}
