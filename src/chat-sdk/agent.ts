import { type Adapter, type ChatInstance, LockError } from "chat";
import type { FunctionTurn } from "../agents/index.js";
import type { Cards } from "./cards.js";
import type { Conversations } from "./conversations.js";
import { messageOfTurn } from "./message.js";
import type { Occasions } from "./occasion.js";

/** Who answers a turn. */
export interface AnsweringParts {
  adapter: Adapter;
  chat: ChatInstance;
  occasions: Occasions;
  cards: Cards;
  conversations: Conversations;
}

/** Between two tries at a lock that a process left behind which is no more, milliseconds. The SDK gives it up after 30 s. */
const lockMs = 5000;

/** Hands a turn to the bot, and ends when its handlers have. What they throw fails the turn. */
export async function answering(
  turn: FunctionTurn,
  { adapter, chat, occasions, cards, conversations }: AnsweringParts,
): Promise<void> {
  const message = messageOfTurn(turn.envelope);
  const { threadId } = message;
  conversations.note(threadId, turn.chat);
  const onAbort = () => void chat.abortTurn(threadId).catch(() => {});
  turn.signal.addEventListener("abort", onAbort, { once: true });
  try {
    await occasions.duringTurn(turn, threadId, async () => {
      const chosen = await cards.written(threadId, message.text, message.id);
      if (chosen) {
        const { choice, messageId } = chosen;
        const { actionId, value } = choice;
        const event = { adapter, actionId, messageId, threadId, user: message.author, raw: turn.envelope };
        return chat.processAction({ ...event, ...(value !== undefined && { value }) }, undefined);
      }
      // A turn that runs again after a crash is no second delivery: the gateway knows what was done.
      const process = () => chat.processMessage(adapter, threadId, message, { deduplicate: false });
      await whenUnlocked(process, turn);
    });
  } finally {
    turn.signal.removeEventListener("abort", onAbort);
  }
}

/** A message that finds its conversation locked was not handled, and is tried again. */
async function whenUnlocked(process: () => Promise<void>, turn: FunctionTurn): Promise<void> {
  for (;;) {
    try {
      return await process();
    } catch (error) {
      if (!(error instanceof LockError) || !(await turn.sleep(lockMs))) throw error;
    }
  }
}
