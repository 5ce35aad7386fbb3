import { type Clock, type Log, messageOf } from "../../platform/index.js";
import type { Store } from "../../store/index.js";
import { showable } from "../showable.js";
import { ownerNotices } from "./owner-items.js";

/** What an owner is told of; each kind, and each cause of it, once per chat within {@link noticeWindowMs}. */
export type NoticeKind =
  | "turn_failed"
  | "send_unknown"
  | "send_refused"
  | "send_failed"
  | "held_back"
  | "hushed"
  | "loop"
  | "sms";

/** What an owner reads, and of which kind it is. */
export interface NoticeText {
  kind: NoticeKind;
  text: string;
  /** Tells troubles of one kind apart: a new cause is news, while another is still fresh. */
  cause?: string;
}

/** A trouble that lasts is told again after this, milliseconds. */
export const noticeWindowMs = 60 * 60_000;
/** An owner reads it on a phone. */
const longest = 600;

export interface OwnerNoticeDeps {
  store: Store;
  clock: Clock;
  log: Log;
  /** Handles of the owners of an account, in normal form. */
  owners: (account: string) => Promise<ReadonlySet<string>>;
}

/**
 * Tells owners what nobody else may hear: causes, refusals, budgets (behaviour 6.2, 10.1, 10.3, 10.5). Without a known
 * owner nothing is sent; the log and `explain` have it in any case.
 */
export class OwnerNotices {
  constructor(private readonly deps: OwnerNoticeDeps) {}

  /**
   * Puts a notice into the outbox of an account, for each owner, unless the same was told of that chat lately.
   * @param chatKey the chat that it is about
   * @param except an owner who knows it already
   */
  tell(account: string, notice: NoticeText, chatKey: string, except?: string): void {
    this.#post(account, notice, chatKey, except).catch((error) => {
      this.deps.log.error("an owner could not be told", {
        account,
        kind: notice.kind,
        error: messageOf(error),
      });
    });
  }

  async #post(
    account: string,
    { kind, text, cause }: NoticeText,
    chatKey: string,
    except: string | undefined,
  ): Promise<void> {
    const { store, clock } = this.deps;
    const at = clock.now();
    const owners = [...(await this.deps.owners(account))].filter((owner) => owner !== except);
    if (owners.length === 0) return;
    const short = showable(text.length > longest ? `${text.slice(0, longest - 1)}…` : text);
    const same = cause === undefined ? kind : `${kind} ${cause}`;
    const notice = {
      key: `${same} ${chatKey}`,
      windowMs: noticeWindowMs,
      items: ownerNotices(owners, short),
    };
    await store.notices.post(account, notice, at);
  }
}
