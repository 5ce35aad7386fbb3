import { formatTarget } from "../conversation/index.js";
import type { NewOutboxItem, TurnOrigin } from "../store/index.js";
import type { EndedTurn } from "./contract.js";

const text =
  "An owner made the agent start over, so your last message is not answered. Write it again if it still matters.";

/** Something that an account sends. */
export interface Notice {
  account: string;
  item: NewOutboxItem;
}

/**
 * Tells people in other conversations that their turns were ended (behaviour 12), once each.
 * @param by the conversation of the command: who is there reads its answer
 */
export function noticesOfEnded(ended: readonly EndedTurn[], by: TurnOrigin): Notice[] {
  const notices = new Map<string, Notice>();
  for (const { account, target, chatKey } of ended) {
    if (account === by.account && by.chats.includes(formatTarget(target))) continue;
    const item = { target, chatKey, origin: "command" as const, text };
    notices.set(JSON.stringify([account, chatKey]), { account, item });
  }
  return [...notices.values()];
}
