import { realpath } from "node:fs/promises";
import type { Target } from "../conversation/index.js";
import { chatKeyOf } from "../inbound/index.js";
import type { NewOutboxItem, Store } from "../store/index.js";
import { type TextRules, textItems } from "./sends.js";

/**
 * Puts a person's message into the outbox without a gateway: the next one sends it, unless it comes too late
 * (`outbound.ttlMinutes`).
 * @returns the numbers of its parts in the outbox
 */
export async function queueSend(
  store: Store,
  account: string,
  target: Target,
  what: { text?: string; media: string[] },
  rules: TextRules,
  at: number,
): Promise<number[]> {
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
