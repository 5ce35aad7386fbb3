import type { Store, Turn } from "../../store/index.js";
import type { ReplyBlock } from "../running/answer.js";
import type { Composing } from "../running/parts.js";

/**
 * The message that an answer should hang on: the one that the agent asks for (behaviour 6.3), else, in a group where
 * others have written since, the one that is answered, so that everybody sees which it is.
 * @param sent how many messages of the same answer went before: they have shown it
 * @returns its GUID; undefined where the answer stands right below it, and in direct chats
 */
export async function threadOf(
  turn: Turn,
  blocks: readonly ReplyBlock[],
  { sent }: Pick<Composing, "sent">,
  store: Store,
): Promise<string | undefined> {
  const asked = blocks.find(({ replyTo }) => replyTo !== undefined)?.replyTo;
  if (asked) return await guidOf(asked.id, turn, store);
  return sent > 0 ? undefined : await crowdedOut(turn, store);
}

/** @param id as agents use it (behaviour 11.2); absent: the message at hand @returns undefined for one of another chat */
async function guidOf(
  id: string | undefined,
  { envelope, account }: Turn,
  store: Store,
): Promise<string | undefined> {
  if (id === undefined) return envelope.messages.at(-1)?.guid || undefined;
  const shown = envelope.messages.find(({ sid, guid }) => sid === id || guid === id);
  if (shown) return shown.guid || undefined;
  const isShort = /^[0-9a-z]{1,10}$/.test(id);
  const { journal } = store;
  const entry = await (isShort ? journal.get(Number.parseInt(id, 36)) : journal.findByGuid(id, account));
  const { chatId } = envelope.chat;
  const isHere = chatId > 0 && entry?.account === account && entry.row.chat.id === chatId;
  return isHere && entry.row.guid !== "" ? entry.row.guid : undefined;
}

async function crowdedOut(turn: Turn, store: Store): Promise<string | undefined> {
  const { chat, messages } = turn.envelope;
  const last = messages.at(-1);
  if (!chat.isGroup || last?.sid === undefined || last.guid === "") return undefined;
  const since = await store.journal.list({
    account: turn.account,
    chatId: chat.chatId,
    after: Number.parseInt(last.sid, 36),
    limit: 20,
  });
  return since.some(({ row }) => row.tapback === undefined && row.text !== "") ? last.guid : undefined;
}
