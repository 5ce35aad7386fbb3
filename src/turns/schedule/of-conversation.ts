import { nameIn } from "../../conversation/index.js";
import type { ScheduledMessage } from "../../store/index.js";

/** A conversation, as sends into it are known. */
export interface ScheduledWhere {
  account: string;
  /** The keys under which something may have been sent into it. */
  chatKeys: readonly string[];
  /** Empty when unknown. */
  guid: string;
}

/**
 * What is scheduled in one conversation, whatever session made it. A number is that of one account (behaviour 5.4) and of one
 * Messages database (10.3b).
 */
export function scheduledIn(
  all: readonly ScheduledMessage[],
  { account, chatKeys, guid }: ScheduledWhere,
): ScheduledMessage[] {
  return all.filter(
    ({ account: itsOwn, item }) =>
      itsOwn === account &&
      chatKeys.includes(item.chatKey) &&
      (!item.chatGuid || guid === "" || nameIn(item.chatGuid) === nameIn(guid)),
  );
}
