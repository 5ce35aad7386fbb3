import type { Target } from "../conversation/index.js";
import { chatKeyOf } from "../conversation/index.js";
import { type TextRules, textParts } from "../outbound/index.js";
import type { Clock } from "../platform/index.js";
import type { NewOutboxItem, Origin, OutboxItem, Store } from "../store/index.js";

/** On whose behalf the outbox and the firewall see it. */
export function originOf({ turnId }: { turnId?: string }): "turn" | "person" {
  return turnId === undefined ? "person" : "turn";
}

/** Makes the outbox items of one text; what it carries beside goes with the first. */
export function textItems(
  target: Target,
  origin: Origin,
  text: string,
  rules: TextRules,
  extras: Pick<NewOutboxItem, "replyTo" | "effect" | "strict"> = {},
): NewOutboxItem[] {
  return textParts(text, rules).map((part, index) => ({
    target,
    chatKey: chatKeyOf(target),
    origin,
    ...part,
    ...(index === 0 && extras),
  }));
}

/** Why items wait for a budget (behaviour 10.5); undefined when they do not. */
export async function whyHeld(store: Store, items: OutboxItem[]): Promise<string | undefined> {
  const waiting = items.find(({ state }) => state === "pending");
  return waiting && (await store.outbox.heldIn(waiting.account, [waiting.chatKey]))?.why;
}

/**
 * Waits until every item is settled, or held back by a budget.
 * @param ms at most so long, milliseconds
 * @returns the items as they are then
 */
export async function settled(
  { store, clock }: { store: Store; clock: Clock },
  ids: number[],
  ms: number,
): Promise<OutboxItem[]> {
  const now = () => store.outbox.getAll(ids);
  const isOpen = ({ state }: OutboxItem) => state === "pending" || state === "sending";
  const isOver = async () => {
    const items = await now();
    return !items.some(isOpen) || (await whyHeld(store, items)) !== undefined;
  };
  if (await isOver()) return now();
  await new Promise<void>((resolve) => {
    const finish = () => {
      stopTimer();
      unwatch();
      resolve();
    };
    const stopTimer = clock.after(ms, finish);
    const look = async () => {
      // What cannot be read now is looked at with the next news; the time limit holds in any case.
      if (await isOver().catch(() => false)) finish();
    };
    const unwatch = store.watch("outbox", () => void look());
    // It may have been over before the watch began.
    void look();
  });
  return now();
}
