import { LockError, type Message } from "chat";
import type { FunctionTurn } from "../agents/index.js";
import type { BotParts } from "./home.js";
import { messageOfTurn } from "./message.js";

/** Between two tries at a lock that a process left behind which is no more, milliseconds. The SDK gives it up after 30 s. */
const lockMs = 5000;

/** Hands a turn to the bot, and ends when its handlers have. What they throw fails the turn. */
export async function answering(
  turn: FunctionTurn,
  { adapter, chat, occasions, cards, conversations }: BotParts,
): Promise<void> {
  const message = messageOfTurn(turn.envelope);
  const { threadId } = message;
  conversations.note(threadId, turn.chat);
  const onAbort = () => void chat.abortTurn(threadId).catch(() => {});
  turn.signal.addEventListener("abort", onAbort, { once: true });
  try {
    await occasions.duringTurn(turn, threadId, () =>
      handed(message, { adapter, chat, cards }, (ms) => turn.sleep(ms)),
    );
  } finally {
    turn.signal.removeEventListener("abort", onAbort);
  }
}

/**
 * Hands a message to the bot, and ends when its handlers have: as a choice where it chooses from a list.
 * @param wait waits so many milliseconds; false where it was cut short
 */
export async function handed(
  message: Message<unknown>,
  { adapter, chat, cards }: Pick<BotParts, "adapter" | "chat" | "cards">,
  wait: (ms: number) => Promise<boolean>,
): Promise<void> {
  const { threadId, id, text, author: user, raw } = message;
  const chosen = await cards.written(threadId, text, id);
  if (chosen) {
    const { choice, messageId } = chosen;
    const { actionId, value } = choice;
    const event = { adapter, actionId, messageId, threadId, user, raw };
    await chat.processAction({ ...event, ...(value !== undefined && { value }) }, undefined);
    return;
  }
  // A message that comes again after a crash is no second delivery: the gateway knows what was done.
  const process = () => chat.processMessage(adapter, threadId, message, { deduplicate: false });
  await whenUnlocked(process, wait);
}

/** A message that finds its conversation locked was not handled, and is tried again. */
async function whenUnlocked(
  process: () => Promise<void>,
  wait: (ms: number) => Promise<boolean>,
): Promise<void> {
  for (;;) {
    try {
      return await process();
    } catch (error) {
      if (!(error instanceof LockError) || !(await wait(lockMs))) throw error;
    }
  }
}
