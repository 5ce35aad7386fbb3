import type { Message } from "./answers.js";

/** A message as it is drawn, with what others put on it. */
export interface Bubble {
  message: Message;
  tapbacks: string[];
  /** What it answers, where that is known. */
  quoted: string | undefined;
  /** Whether its writer is told above it: the first of several by the same. */
  isFirstOfWriter: boolean;
  /** Whether a while has passed since the one before, so that the time is told. */
  isAfterPause: boolean;
}

const pauseMs = 15 * 60_000;

/** Puts tapbacks on the messages that they are on. @param messages oldest first */
export function bubblesOf(messages: readonly Message[]): Bubble[] {
  const byGuid = new Map(messages.map((message) => [message.guid, message]));
  const tapbacks = new Map<string, Map<string, string>>();
  for (const { tapback, fromMe, sender } of messages) {
    if (!tapback) continue;
    const on = tapbacks.get(tapback.to) ?? new Map<string, string>();
    tapbacks.set(tapback.to, on);
    const key = `${fromMe ? "me" : sender} ${tapback.emoji}`;
    if (tapback.added) on.set(key, tapback.emoji);
    else on.delete(key);
  }
  let before: Message | undefined;
  return messages
    .filter(({ tapback }) => !tapback)
    .map((message) => {
      const last = before;
      before = message;
      const isSame = last?.fromMe === message.fromMe && last.sender === message.sender;
      const isAfterPause = !last || Date.parse(message.sentAt) - Date.parse(last.sentAt) > pauseMs;
      const quoted =
        message.replyTo === null ? undefined : (byGuid.get(message.replyTo)?.text ?? "an earlier message");
      return {
        message,
        tapbacks: [...(tapbacks.get(message.guid)?.values() ?? [])],
        quoted,
        isFirstOfWriter: !isSame || isAfterPause,
        isAfterPause,
      };
    });
}
