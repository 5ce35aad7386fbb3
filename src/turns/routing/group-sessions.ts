import { accountIds, type Config, defaultAccountId } from "../../config/index.js";
import type { Log } from "../../platform/index.js";
import type { Store } from "../../store/index.js";
import { groupKeyOn } from "./session-key.js";

/**
 * Brings the sessions of groups under the keys that they have now: those of earlier versions did not name the account, and
 * another account may have become the default one since (behaviour 5.1). For the start, before any turn runs.
 */
export async function placeGroupSessions(
  config: Config,
  store: Pick<Store, "groupSessions">,
  log: Log,
): Promise<void> {
  const mixed = await store.groupSessions.forgetMixed();
  if (mixed.length > 0)
    log.warn(
      "groups of several accounts shared a session, for their chats have the same number; they start anew",
      {
        sessions: mixed.join(", "),
      },
    );
  const fallback = defaultAccountId(config);
  // The default account comes last: the keys that it gets may be those that another one had.
  const ids = accountIds(config).sort((one, other) => Number(one === fallback) - Number(other === fallback));
  for (const account of ids) {
    const place = { accountId: account, isDefaultAccount: account === fallback };
    const moves = (await store.groupSessions.keysOf(account)).flatMap((from) => {
      const to = groupKeyOn(from, place);
      return to === undefined || to === from ? [] : [{ from, to }];
    });
    if (moves.length === 0) continue;
    await store.groupSessions.move(account, moves);
    log.info("sessions of groups have other keys now", {
      account,
      sessions: moves.map(({ to }) => to).join(", "),
    });
  }
}
