import { realpath } from "node:fs/promises";
import type { Target } from "../conversation/index.js";
import { chatKeyOf } from "../inbound/index.js";
import { checkRecipient } from "../outbound/index.js";
import { TapbackError } from "../platform/index.js";
import type { NewOutboxItem, Store } from "../store/index.js";
import { type TextRules, textItems } from "./sends.js";

/**
 * Puts a person's message into the outbox without a gateway: the next one sends it, unless it comes too late
 * (`outbound.ttlMinutes`).
 * @returns the numbers of its parts in the outbox
 * @throws `RECIPIENT_REFUSED` when the person said STOP
 */
export async function queueSend(
  store: Store,
  account: string,
  target: Target,
  what: { text?: string; media: string[] },
  rules: TextRules & { region: string },
  at: number,
): Promise<number[]> {
  const to = { account, target, chatKey: chatKeyOf(target), origin: "person" as const, createdAt: at };
  const refused = checkRecipient(to, store, { owners: new Set(), region: rules.region });
  if (refused) throw new TapbackError(refused.code, refused.message);
  const texts = what.text === undefined ? [] : textItems(target, "person", what.text, rules);
  const files = await Promise.all(what.media.map((path) => realpath(path)));
  const items: NewOutboxItem[] = [
    ...texts,
    ...files.map((file) => ({ target, chatKey: chatKeyOf(target), origin: "person" as const, file })),
  ];
  const ids: number[] = [];
  for (const item of items) ids.push(await store.outbox.add(account, item, at));
  return ids;
}
