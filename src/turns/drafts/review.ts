import type { AccountSettings, AgentConfig } from "../../config/index.js";
import { normalizeHandle } from "../../conversation/index.js";

/** A conversation, as far as a review goes by it. */
export interface ReviewedChat {
  isGroup: boolean;
  /** Row of the chat; 0 where it is not known. */
  chatId: number;
  /** The person of a direct chat; empty where nobody knows. */
  handle: string;
}

/**
 * Whether what an agent writes into a conversation waits for an owner's yes (behaviour 18.1): the most specific setting holds,
 * the person's or the group's own, then the agent's, then the account's.
 */
export function isReviewed(
  account: Pick<AccountSettings, "review" | "dms" | "groups" | "region">,
  agent: Pick<AgentConfig, "review"> | undefined,
  chat: ReviewedChat,
): boolean {
  return (ofChat(account, chat) ?? agent?.review ?? account.review) === "on";
}

function ofChat(
  { dms, groups, region }: Pick<AccountSettings, "dms" | "groups" | "region">,
  { isGroup, chatId, handle }: ReviewedChat,
): "off" | "on" | undefined {
  if (isGroup) return groups[String(chatId)]?.review ?? groups["*"]?.review;
  const person = normalizeHandle(handle, region);
  return Object.entries(dms).find(([key]) => normalizeHandle(key, region) === person)?.[1].review;
}
