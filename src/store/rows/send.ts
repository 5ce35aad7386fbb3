import type { ErrorCode, SqlValue } from "../../platform/index.js";
import type { SendOutcome, Sent, TakenItem } from "../outbox.js";
import { orUndefined } from "./columns.js";
import { toItem } from "./item.js";

export const notDelivered = JSON.stringify({
  code: "NOT_DELIVERED" satisfies ErrorCode,
  message: "Messages says that it was not delivered; look at the chat on the Mac",
});

/** What was counted in a window; absent: nothing. */
export function toSent(row: Record<string, SqlValue> | undefined): Sent {
  const oldest = orUndefined<number>(row?.oldest ?? null);
  return { count: Number(row?.count ?? 0), oldest };
}

/** An item that was handed over, with the claim under which it is settled. @param owner who has it */
export function taken(row: Record<string, SqlValue>, owner: string): TakenItem {
  const item = toItem(row);
  return {
    item,
    claim: { kind: "send", id: String(item.id), owner, fence: Number(row.fence), attempt: item.attempts },
  };
}

/** How a message ends that is not tried again, in SQL: of one in doubt nobody knows whether it went out. */
export const untried = "CASE in_doubt WHEN 1 THEN 'unknown' ELSE 'not_sent' END";

export const earlierPartFailed = JSON.stringify({
  code: "EARLIER_PART_FAILED" satisfies ErrorCode,
  message: "an earlier part of the same message was not sent",
});

export const stopped = JSON.stringify({
  code: "STOPPED" satisfies ErrorCode,
  message: "somebody stopped the answer before this part of it went out",
});

/** Whether an item that was to be put back ends instead: it was stopped meanwhile, and surely did not go out. */
export function isSurelyStopped(row: Record<string, SqlValue>, outcome: SendOutcome): boolean {
  return outcome.state === "retry" && !outcome.inDoubt && row.in_doubt === 0 && row.stopped_at !== null;
}
