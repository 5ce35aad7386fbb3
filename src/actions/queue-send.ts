import { type Chat, chatKeyOf, maxFiles, type Target } from "../conversation/index.js";
import { refuseOptedOut, type TextRules, withReader } from "../outbound/index.js";
import { TapbackError } from "../platform/index.js";
import { type NewOutboxItem, type Store, together } from "../store/index.js";
import { type FileRules, readyFile } from "./files.js";
import { textItems } from "./sends.js";

const byName = "Name the person instead, e.g. --target +15550100123, or start the gateway.";

/** What a person wants to send. */
export interface QueuedSend {
  account: string;
  target: Target;
  text?: string;
  /** Paths of files. */
  media: string[];
}

/** What a send without a gateway is bound by. */
export interface QueueRules extends TextRules {
  region: string;
  files: FileRules;
  /** The chats that Messages knows, asked only where somebody said STOP and the target does not tell who it is. */
  chats: (limit: number) => Promise<Chat[]>;
}

/**
 * Puts a person's message into the outbox without a gateway: the next one sends it, unless it comes too late
 * (`outbound.ttlMinutes`).
 * @param at now, milliseconds since the epoch
 * @returns the numbers of its parts in the outbox
 * @throws `RECIPIENT_REFUSED` when the person said STOP or may have, what `chats` throws, what {@link readyFile} refuses a file with, and
 *   `ACTION_PARAMETERS` for too many
 */
export async function queueSend(
  store: Store,
  { account, target, text, media }: QueuedSend,
  rules: QueueRules,
  at: number,
): Promise<number[]> {
  const to = { account, target, chatKey: chatKeyOf(target), origin: "person" as const, createdAt: at };
  const known = await withReader(to, store, rules.chats);
  const refused = known.ok ? await refuseOptedOut(known.value, store, rules.region) : known.error;
  if (refused) throw new TapbackError(refused.code, refused.message, known.ok ? {} : { hint: byName });
  if (media.length > maxFiles)
    throw new TapbackError("ACTION_PARAMETERS", `at most ${maxFiles} files go with one message`);
  const items: NewOutboxItem[] = text === undefined ? [] : textItems(target, "person", text, rules);
  for (const path of media) {
    const file = await readyFile({ path }, rules.files);
    if (!file.ok) throw file.error;
    items.push({ target, chatKey: chatKeyOf(target), origin: "person", file: file.value });
  }
  const ids: number[] = [];
  for (const item of together(items)) ids.push(await store.outbox.add(account, item, at));
  return ids;
}
