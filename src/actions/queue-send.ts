import type { Target } from "../conversation/index.js";
import { chatKeyOf, maxFiles } from "../inbound/index.js";
import { checkRecipient } from "../outbound/index.js";
import { TapbackError } from "../platform/index.js";
import type { NewOutboxItem, Store } from "../store/index.js";
import { type FileRules, readyFile } from "./files.js";
import { type TextRules, textItems } from "./sends.js";

/**
 * Puts a person's message into the outbox without a gateway: the next one sends it, unless it comes too late
 * (`outbound.ttlMinutes`).
 * @returns the numbers of its parts in the outbox
 * @throws `RECIPIENT_REFUSED` when the person said STOP, what {@link readyFile} refuses a file with, and
 *   `ACTION_PARAMETERS` for too many
 */
export async function queueSend(
  store: Store,
  account: string,
  target: Target,
  what: { text?: string; media: string[] },
  rules: TextRules & { region: string; files: FileRules },
  at: number,
): Promise<number[]> {
  const to = { account, target, chatKey: chatKeyOf(target), origin: "person" as const, createdAt: at };
  const refused = checkRecipient(to, store, { owners: new Set(), region: rules.region });
  if (refused) throw new TapbackError(refused.code, refused.message);
  if (what.media.length > maxFiles)
    throw new TapbackError("ACTION_PARAMETERS", `at most ${maxFiles} files go with one message`);
  const items: NewOutboxItem[] = what.text === undefined ? [] : textItems(target, "person", what.text, rules);
  for (const path of what.media) {
    const file = await readyFile({ path }, rules.files);
    if (!file.ok) throw file.error;
    items.push({ target, chatKey: chatKeyOf(target), origin: "person", file: file.value });
  }
  const ids: number[] = [];
  for (const item of items) ids.push(await store.outbox.add(account, item, at));
  return ids;
}
