import {
  type ActionSettings,
  ContactCard,
  MessageActions,
  Presence,
  StandingBubbles,
} from "../../actions/index.js";
import type { ChatRef } from "../../bridge/index.js";
import { accountFile } from "../../config/index.js";
import { DeliveryWatch, type OwnerNotices, smsNotice } from "../../outbound/index.js";
import { messageOf } from "../../platform/index.js";
import type { OutboxItem, SendOutcome, Turn } from "../../store/index.js";
import type { ClaimedAccount } from "./account-deps.js";
import type { LiveSettings } from "./live-settings.js";

/** What the native side of an account is made with. */
export interface NativeDeps extends ClaimedAccount {
  live: LiveSettings;
  notices: OwnerNotices;
  stateDir: string;
}

/** A call that takes a bubble away may be under way for so long, milliseconds (protocol reference 2.2, 3.2). */
const takesMs = 60_000;
/** Rows that are looked through for what a crash cut off. */
const looked = 200;

/** What makes one account at home in Messages: actions, bubbles and receipts, what became of sent messages, its contact card. */
export class NativeFeatures {
  readonly actions: MessageActions;
  readonly #presence: Presence;
  readonly #deliveries: DeliveryWatch;
  readonly #card: ContactCard;

  constructor(private readonly deps: NativeDeps) {
    const { store, bridge, claim, clock, log, live, stateDir } = deps;
    const account = claim.id;
    this.actions = new MessageActions({
      account,
      store,
      bridge,
      clock,
      settings: () => this.#actionSettings(),
    });
    const standing = new StandingBubbles(accountFile(stateDir, "typing", account), log);
    this.#presence = new Presence({ bridge, clock, log, settings: () => live.account, standing });
    const onDowngrade = (item: OutboxItem) => this.#tellDowngrade(item);
    this.#deliveries = new DeliveryWatch({ store, bridge, clock, log, onDowngrade });
    const cardSettings = () => ({ ...live.sender(), contactCard: live.account.outbound.contactCard });
    this.#card = new ContactCard({ account, store, bridge, clock, log, settings: cardSettings });
  }

  /** What an earlier process left standing is taken away. @param crashed it did not come to an orderly end */
  async recover(crashed: boolean): Promise<void> {
    this.#presence.recover(crashed && this.deps.live.account.typing ? await this.#cutOff() : []);
  }

  /** Messages answers: bubbles that were left standing can be taken away now. */
  live(): void {
    void this.#presence.settleOwed();
  }

  /** A turn begins: its chat is marked read and shows a bubble. */
  turnStarted({ id, envelope: { chat } }: Turn): void {
    if (chat.chatId > 0) this.#presence.begin(id, { id: chat.chatId, guid: chat.guid });
  }

  /** Whether a bubble shows that the turn is at work. */
  showsBubble({ id }: Turn): boolean {
    return this.#presence.isSeen(id);
  }

  /** A turn ended; its bubble stays until its answer is handed over. */
  turnEnded({ id }: Turn): void {
    if (this.#presence.waits(id)) this.#follow(this.#endBubble(id));
    this.#follow(this.#card.turnEnded(id));
  }

  /** A send ended, for good or for now. */
  settled(item: OutboxItem, outcome: SendOutcome): void {
    const { id, turnId } = item;
    if (turnId !== undefined && this.#presence.waits(turnId)) this.#follow(this.#endBubble(turnId));
    if (outcome.state !== "stored") return;
    this.#follow(this.#watchDelivery(id));
    this.#follow(this.#card.answered(item));
  }

  /** Follows no more deliveries, and takes the typing bubbles away. */
  async stop(): Promise<void> {
    this.#deliveries.stop();
    await Promise.all([this.#presence.stop(), this.#card.stop()]);
  }

  async #endBubble(turnId: string): Promise<void> {
    if (!(await this.#isOnItsWay(turnId)) && this.#presence.waits(turnId)) this.#presence.end(turnId);
  }

  async #watchDelivery(id: number): Promise<void> {
    const sent = await this.deps.store.outbox.get(id);
    if (sent) this.#deliveries.follow(sent);
  }

  #follow(work: Promise<void>): void {
    work.catch((error) => this.deps.log.error(`the state cannot be read: ${messageOf(error)}`));
  }

  /** Chats whose turn was not over, or ended as one of the last things that the earlier process did. */
  async #cutOff(): Promise<ChatRef[]> {
    const { store, claim } = this.deps;
    const entries = await store.journal.list({ account: claim.id, own: false, limit: looked });
    const ends = new Map<number, number>();
    let lastSign = entries[0]?.receivedAt ?? 0;
    for (const { turnId, row } of entries) {
      if (turnId === undefined) continue;
      const end = await this.#endOf(turnId);
      if (end < Number.POSITIVE_INFINITY) lastSign = Math.max(lastSign, end);
      ends.set(row.chat.id, Math.max(end, ends.get(row.chat.id) ?? 0));
    }
    return [...ends].flatMap(([id, end]) => (end >= lastSign - takesMs ? { id, guid: "" } : []));
  }

  /** When a turn's answer was handed over, or the turn ended without one; never, when it did not come to that. */
  async #endOf(turnId: string): Promise<number> {
    const { store } = this.deps;
    const { state, endedAt = 0 } = (await store.turns.get(turnId)) ?? {};
    if (state === "queued" || (await this.#isOnItsWay(turnId))) return Number.POSITIVE_INFINITY;
    const sent = (await store.outbox.ofTurn(turnId)).map(
      ({ settledAt, acceptedAt }) => settledAt ?? acceptedAt ?? 0,
    );
    return Math.max(endedAt, ...sent);
  }

  /** Whether a turn still runs, or a part of its answer has to be handed to Messages. */
  async #isOnItsWay(turnId: string): Promise<boolean> {
    const { store } = this.deps;
    if ((await store.turns.get(turnId))?.state === "running") return true;
    return (await store.outbox.ofTurn(turnId)).some(
      ({ state, acceptedAt }) => state === "pending" || (state === "sending" && acceptedAt === undefined),
    );
  }

  #tellDowngrade(item: OutboxItem): void {
    const { log, claim, notices } = this.deps;
    log.warn("replies in a chat go as SMS", { chat: item.chatKey });
    notices.tell(claim.id, smsNotice(item), item.chatKey);
  }

  #actionSettings(): ActionSettings {
    const { live } = this.deps;
    const { actions, region, textChunkLimit, chunkMode } = live.account;
    return {
      toggles: actions,
      owners: live.rules.policy.owners,
      policy: live.rules.policy,
      isNamed: (target) => live.isNamed(target),
      seenAs: (chatId) => live.numbers.guidOf(chatId),
      region,
      textChunkLimit,
      chunkMode,
    };
  }
}
