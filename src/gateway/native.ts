import { type ActionSettings, MessageActions, Presence } from "../actions/index.js";
import type { Bridge, ChatRef } from "../bridge/index.js";
import type { Account } from "../config/index.js";
import { formatTarget } from "../conversation/index.js";
import { DeliveryWatch } from "../outbound/index.js";
import type { Clock, Log } from "../platform/index.js";
import type { OutboxItem, SendOutcome, Store, Turn } from "../store/index.js";
import type { OwnerNotices } from "./owner-notices.js";

/** What the native side of an account is made with. */
export interface NativeDeps {
  account: string;
  store: Store;
  bridge: Bridge;
  clock: Clock;
  log: Log;
  /** Settings of the account that hold now. */
  settings: () => Account;
  /** Handles of owners, in normal form. */
  owners: () => ReadonlySet<string>;
  notices: OwnerNotices;
}

/** A crash may leave a bubble in a chat that wrote shortly before; it stands for ten minutes at most, milliseconds. */
const recentMs = 20 * 60_000;

/** What makes one account at home in Messages: actions, bubbles and receipts, what became of sent messages. */
export class NativeSide {
  readonly actions: MessageActions;
  readonly #presence: Presence;
  readonly #deliveries: DeliveryWatch;

  constructor(private readonly deps: NativeDeps) {
    const { account, store, bridge, clock, log, settings } = deps;
    this.actions = new MessageActions({
      account,
      store,
      bridge,
      clock,
      settings: () => this.#actionSettings(),
    });
    this.#presence = new Presence({ bridge, clock, log, settings });
    const onDowngrade = (item: OutboxItem) => this.#tellDowngrade(item);
    this.#deliveries = new DeliveryWatch({ store, bridge, clock, log, onDowngrade });
  }

  /** What an earlier process may have left standing is taken away, whether it sent an answer or not. */
  recover(): void {
    const { store, account, clock } = this.deps;
    const since = clock.now() - recentMs;
    const ids = store.journal
      .list({ account, own: false, limit: 200 })
      .filter(({ turnId, receivedAt }) => turnId !== undefined && receivedAt >= since)
      .map(({ row }) => row.chat.id);
    this.#presence.recover([...new Set(ids)].map((id): ChatRef => ({ id, guid: "" })));
  }

  /** Messages answers: finds out what the Mac can do before the first turn needs it, and pays what is owed. */
  live(): void {
    void this.#presence.settleOwed();
  }

  /** A turn begins: its chat is marked read and shows a bubble. */
  turnStarted({ id, envelope: { chat } }: Turn): void {
    if (chat.chatId > 0) this.#presence.begin(id, { id: chat.chatId, guid: chat.guid });
  }

  /** A turn ended; its bubble stays until its answer is handed over. */
  turnEnded({ id }: Turn): void {
    if (this.#presence.waits(id) && !this.#isOnItsWay(id)) this.#presence.end(id);
  }

  /** A send ended, for good or for now. */
  settled({ id, turnId }: OutboxItem, outcome: SendOutcome): void {
    if (turnId !== undefined && this.#presence.waits(turnId) && !this.#isOnItsWay(turnId))
      this.#presence.end(turnId);
    const sent = outcome.state === "stored" ? this.deps.store.outbox.get(id) : undefined;
    if (sent) this.#deliveries.follow(sent);
  }

  async stop(): Promise<void> {
    this.#deliveries.stop();
    await this.#presence.stop();
  }

  /** Whether a turn still runs, or a part of its answer has to be handed to Messages. */
  #isOnItsWay(turnId: string): boolean {
    const { store } = this.deps;
    if (store.turns.get(turnId)?.state === "running") return true;
    return store.outbox
      .ofTurn(turnId)
      .some(
        ({ state, acceptedAt }) => state === "pending" || (state === "sending" && acceptedAt === undefined),
      );
  }

  #tellDowngrade({ chatKey, target }: OutboxItem): void {
    const { log, account, notices } = this.deps;
    log.warn("replies in a chat go as SMS", { chat: chatKey });
    const text = `Replies in ${formatTarget(target)} go out as SMS, not as iMessage. Said once per conversation.`;
    notices.tell(account, "sms", chatKey, text);
  }

  #actionSettings(): ActionSettings {
    const { actions, region, textChunkLimit, chunkMode } = this.deps.settings();
    return { toggles: actions, owners: this.deps.owners(), region, textChunkLimit, chunkMode };
  }
}
