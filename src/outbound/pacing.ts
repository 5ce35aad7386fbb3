import type { OutboxItem, Sent, Store } from "../store/index.js";

/** How much an account may send (behaviour 10.5). */
export interface PaceLimits {
  perChatPerMinute: number;
  perAccountPerHour: number;
  newRecipientsPerDay: number;
}

/** Why a message waits, and until when. */
export interface Held {
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
 * owners are never held back: they tell of it.
 * @param at milliseconds since the epoch
 */
export function heldBack(item: OutboxItem, store: Store, limits: PaceLimits, at: number): Held | undefined {
  if (item.origin === "owner-notice") return undefined;
  const { account, chatKey, id } = item;
  const isFull = (limit: keyof PaceLimits, windowMs: number, sent: Sent): Held | undefined => {
    if (sent.count < limits[limit]) return undefined;
    return {
      limit,
      until: (sent.oldest ?? at) + windowMs,
      detail: `held back: ${limits[limit]} ${what[limit]} (outbound.${limit})`,
    };
  };
  return (
    isFull(
      "perChatPerMinute",
      minuteMs,
      store.outbox.sentSince(account, at - minuteMs, id, limits.perChatPerMinute, chatKey),
    ) ??
    isFull(
      "perAccountPerHour",
      hourMs,
      store.outbox.sentSince(account, at - hourMs, id, limits.perAccountPerHour),
    ) ??
    (!isUnasked(item) || store.outbox.hasWritten(account, [chatKey], id)
      ? undefined
      : isFull("newRecipientsPerDay", dayMs, store.outbox.firstWrittenSince(account, at - dayMs, id)))
  );
}

/** An answer is asked for by whoever wrote first; only a person at the command line writes to somebody new. */
function isUnasked({ origin }: OutboxItem): boolean {
  return origin === "person";
}

const what: Record<keyof PaceLimits, string> = {
  perChatPerMinute: "messages went to this chat within a minute",
  perAccountPerHour: "messages left this account within an hour",
  newRecipientsPerDay: "people were written to first within a day",
};
