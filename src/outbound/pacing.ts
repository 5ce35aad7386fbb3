import { type Chat, hasSeveralPeople, normalizeHandle } from "../conversation/index.js";
import type { OutboxItem, Sent, Store } from "../store/index.js";
import { personAt } from "./firewall.js";
import { listedChat } from "./listed-chat.js";

/** How much an account may send (behaviour 10.5). */
export interface PaceLimits {
  perChatPerMinute: number;
  perAccountPerHour: number;
  newConversationsPerDay: number;
}

/** Why a message waits, and until when. */
export interface HoldBack {
  limit: keyof PaceLimits;
  /** Milliseconds since the epoch. */
  until: number;
  /** One sentence for a person. */
  detail: string;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/**
 * Tells whether a message must wait, from what the store knows was sent, so that a restart forgets nothing. Notices to
 * owners are never held back: they tell of it. Nor is what is urgent (behaviour 12).
 */
export class Pacing {
  /** How many messages surely fit into the account's hour, so that not each of them has to be counted. */
  #hour = { limit: 0, room: 0 };
  #last: Promise<unknown> = Promise.resolve();

  /** @param chats those that Messages knows, newest activity first */
  constructor(
    private readonly store: Pick<Store, "outbox" | "journal">,
    private readonly chats: (limit: number) => Promise<Chat[]>,
  ) {}

  /** @param at milliseconds since the epoch */
  heldBack(item: OutboxItem, limits: PaceLimits, at: number): Promise<HoldBack | undefined> {
    if (item.origin === "owner-notice" || item.urgent) return Promise.resolve(undefined);
    // One after the other: each counts what those before it were given.
    const judged = this.#last.then(() => this.#judge(item, limits, at));
    this.#last = judged.catch(() => {});
    return judged;
  }

  async #judge(item: OutboxItem, limits: PaceLimits, at: number): Promise<HoldBack | undefined> {
    const { account, chatKey, id } = item;
    const { outbox } = this.store;
    const { perChatPerMinute, newConversationsPerDay } = limits;
    const inChat = await outbox.sentBetween(account, {
      since: at - minuteMs,
      until: at,
      before: id,
      atMost: perChatPerMinute,
      chatKey,
    });
    if (inChat.count >= perChatPerMinute) return held("perChatPerMinute", limits, inChat, minuteMs, at);
    const full = await this.#hourIsFull(item, limits, at);
    if (full) return full;
    if (!isUnasked(item) || (await outbox.hasWritten(account, [chatKey], id))) return undefined;
    const first = await outbox.firstWrittenBetween(account, { since: at - dayMs, until: at, before: id });
    if (first.count < newConversationsPerDay || (await this.#wasAddressed(item))) return undefined;
    return held("newConversationsPerDay", limits, first, dayMs, at);
  }

  /** Whether the person of a direct chat was written to by the address. Where nobody can tell who that is, it counts as new. */
  async #wasAddressed(item: OutboxItem): Promise<boolean> {
    const { account, id, target } = item;
    let person = await personAt(item, this.store);
    if (person === undefined && target.kind === "chat_id") {
      const chat = await listedChat(target.chatId, this.chats).catch(() => undefined);
      person = chat && !hasSeveralPeople(chat) ? chat.identifier : undefined;
    }
    if (person === undefined) return false;
    return this.store.outbox.hasWritten(account, [`handle:${normalizeHandle(person)}`], id);
  }

  async #hourIsFull(
    { account, id }: OutboxItem,
    limits: PaceLimits,
    at: number,
  ): Promise<HoldBack | undefined> {
    const limit = limits.perAccountPerHour;
    if (this.#hour.limit !== limit || this.#hour.room <= 0) {
      const sent = await this.store.outbox.sentBetween(account, {
        since: at - hourMs,
        until: at,
        before: id,
        atMost: limit,
      });
      if (sent.count >= limit) return held("perAccountPerHour", limits, sent, hourMs, at);
      this.#hour = { limit, room: limit - sent.count };
    }
    this.#hour.room -= 1;
    return undefined;
  }
}

function held(
  limit: keyof PaceLimits,
  limits: PaceLimits,
  sent: Sent,
  windowMs: number,
  at: number,
): HoldBack {
  return {
    limit,
    until: (sent.oldest ?? at) + windowMs,
    detail: `held back: ${limits[limit]} ${what[limit]} (outbound.${limit})`,
  };
}

/** An answer is asked for by whoever wrote first. */
function isUnasked({ origin, initiative }: OutboxItem): boolean {
  return origin === "person" || origin === "approved-draft" || initiative !== undefined;
}

const what: Record<keyof PaceLimits, string> = {
  perChatPerMinute: "messages went to this chat within a minute",
  perAccountPerHour: "messages left this account within an hour",
  newConversationsPerDay: "conversations were begun within a day",
};
