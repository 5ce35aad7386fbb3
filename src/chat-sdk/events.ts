import type { Adapter, ChatInstance, StateAdapter } from "chat";
import type { MessageRow } from "../conversation/index.js";
import { messageOf } from "../platform/index.js";
import type { DecisionEvent } from "../telemetry/index.js";
import type { Cards } from "./cards.js";
import { emojiOfTapback } from "./emoji.js";
import { authorOf, plainMessage } from "./message.js";
import type { Occasions } from "./occasion.js";
import { encodeThread, threadOfRow } from "./thread-id.js";

/** What people do to messages, which the gateway makes no turn of. */
export interface EventDeps {
  adapter: Adapter;
  chat: ChatInstance;
  occasions: Occasions;
  cards: Cards;
}

/** One row that is told again, after a crash or by `tapback retry`, happens once. */
const toldMs = 7 * 24 * 3600_000;

/** Tells the bot of tapbacks, votes, edits and unsends, as far as the gates let the bot's agent know of them. */
export async function tellEvents(
  events: AsyncIterable<DecisionEvent & { account: string }>,
  deps: EventDeps,
): Promise<void> {
  const log = deps.chat.getLogger("tapback");
  for await (const { account, message: row, decision } of events) {
    // What the gates keep from the agent is nothing of the bot's either.
    if (decision.kind !== "context" || row.fromMe) continue;
    // One that fails, or takes long, is nothing to the others.
    void tellRow({ account, row, isGroup: decision.treatedAs === "group" }, deps).catch((error) =>
      log.error(`an event failed: ${messageOf(error)}`),
    );
  }
}

/** Tells the bot of one row, once. @param told `isGroup` as it was judged @param state remembers that it was told */
export async function tellRow(
  { account, row, isGroup }: { account: string; row: MessageRow; isGroup: boolean },
  deps: EventDeps,
  state: Pick<StateAdapter, "setIfNotExists"> = deps.chat.getState(),
): Promise<void> {
  const threadId = encodeThread(threadOfRow(account, row, isGroup));
  const id = `${account} ${row.guid || row.rowId}`;
  const happened = await happening(row, threadId, deps);
  if (!happened) return;
  const isNew = await state.setIfNotExists(`tapback:told:${id}`, true, toldMs);
  if (isNew) await deps.occasions.duringEvent(`event ${id}`, happened);
}

/** @returns what tells the bot of it; undefined where that is nothing to the bot */
async function happening(
  row: MessageRow,
  threadId: string,
  { adapter, chat, cards }: EventDeps,
): Promise<(() => Promise<void>) | undefined> {
  const { tapback, change, poll } = row;
  const user = authorOf(row.sender, row.senderName);
  const event = { adapter, threadId, user, raw: row };
  if (tapback) {
    const emoji = emojiOfTapback(tapback);
    const { added, targetGuid: messageId, emoji: rawEmoji } = tapback;
    return emoji && (async () => chat.processReaction({ ...event, messageId, emoji, rawEmoji, added }));
  }
  if (change) return () => changed(row, change, threadId, { adapter, chat });
  const vote = poll && voteIn(poll);
  const chosen = vote && (await cards.voted(threadId, vote.poll, vote));
  if (!chosen) return undefined;
  const { choice, messageId } = chosen;
  const { actionId, value } = choice;
  return () =>
    chat.processAction({ ...event, actionId, messageId, ...(value !== undefined && { value }) }, undefined);
}

async function changed(
  row: MessageRow,
  { guid: id, kind, text, before }: NonNullable<MessageRow["change"]>,
  threadId: string,
  { adapter, chat }: Pick<EventDeps, "adapter" | "chat">,
): Promise<void> {
  const author = authorOf(row.sender, row.senderName);
  const at = new Date(row.sentAt);
  const message = (words: string) =>
    plainMessage({ id, threadId, text: words, author, sentAt: at, raw: row });
  const previousMessage = message(before);
  if (kind === "unsent")
    return chat.processMessageDeleted({
      ...{ adapter, threadId, channelId: threadId, messageId: id, raw: row },
      previousMessage,
    });
  const now = message(text);
  now.metadata.edited = true;
  return chat.processMessageUpdated({ adapter, threadId, message: now, previousMessage });
}

/** A vote that was given, by the words of its option (protocol reference 4.5); one that was taken back chooses nothing. */
function voteIn(
  poll: Record<string, unknown>,
): { poll: string; text: string; question?: string } | undefined {
  const all = (Array.isArray(poll.votes) ? poll.votes : [poll.vote]) as Record<string, unknown>[];
  const text = all.findLast((each) => each?.event_type === "selected")?.option_text;
  const guid = poll.original_guid ?? poll.poll_guid;
  if (typeof guid !== "string" || typeof text !== "string") return undefined;
  return { poll: guid, text, ...(typeof poll.question === "string" && { question: poll.question }) };
}
