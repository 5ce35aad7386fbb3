import { noticeWindowMs, type OwnerNotices, sendNotice } from "../../outbound/index.js";
import type { Clock } from "../../platform/index.js";
import type { SendOutcome, Store } from "../../store/index.js";

/** More than end badly within the window. */
const most = 200;

/** Why a message surely did not go that nobody is told of: somebody said so, or heard of the part before it. */
const noNews = new Set(["STOPPED", "NOT_APPROVED", "EARLIER_PART_FAILED"]);

/**
 * Tells owners after a crash of sends that ended badly lately: the process may have died between the commit of an end and the
 * notice of it (behaviour 16.4). What was told is not told again within that time.
 */
export async function tellUntoldEnds(
  account: string,
  {
    store,
    clock,
    notices,
  }: { store: Pick<Store, "outbox">; clock: Pick<Clock, "now">; notices: Pick<OwnerNotices, "tell"> },
): Promise<void> {
  const ended = await store.outbox.list({ account, states: ["unknown", "not_sent"], limit: most });
  const since = clock.now() - noticeWindowMs;
  for (const item of ended.reverse()) {
    const { state, error, settledAt = 0, chatKey } = item;
    if (settledAt < since || error === undefined) continue;
    if (state === "not_sent" && noNews.has(error.code)) continue;
    const notice = sendNotice(item, { state, error } as SendOutcome);
    if (notice) notices.tell(account, notice, chatKey);
  }
}
