import type { ChatRow } from "./answers.js";

/** A message as it is drawn, with what others put on it. */
export interface Bubble {
  message: ChatRow;
  /** Its words, as they are now. */
  text: string;
  tapbacks: string[];
  /** How often each option of its poll is chosen, by the option's id. */
  votes: ReadonlyMap<string, number>;
  /** What became of it since. */
  became: "edited" | "unsent" | undefined;
  /** What it answers, where that is known. */
  quoted: string | undefined;
  /** Whether its writer is told above it: the first of several by the same. */
  isFirstOfWriter: boolean;
  /** Whether a while has passed since the one before, so that the time is told. */
  isAfterPause: boolean;
}

const pauseMs = 15 * 60_000;

/** Puts tapbacks, votes and edits on the messages that they are of. @param messages oldest first */
export function bubblesOf(messages: readonly ChatRow[]): Bubble[] {
  const byGuid = new Map(messages.map((message) => [message.guid, message]));
  const tapbacks = tapbacksOn(messages);
  const votes = votesOn(messages);
  const changes = new Map(messages.flatMap(({ change }) => (change ? [[change.of, change] as const] : [])));
  let before: ChatRow | undefined;
  return messages
    .filter((message) => !isNewsOf(message, byGuid))
    .map((message) => {
      const last = before;
      before = message;
      const isSame = last?.fromMe === message.fromMe && last.sender === message.sender;
      const isAfterPause = !last || Date.parse(message.sentAt) - Date.parse(last.sentAt) > pauseMs;
      const quoted =
        message.replyTo === null ? undefined : (byGuid.get(message.replyTo)?.text ?? "an earlier message");
      const change = changes.get(message.guid);
      return {
        message,
        text: change?.kind === "edited" ? change.text : message.text,
        tapbacks: [...(tapbacks.get(message.guid)?.values() ?? [])],
        votes: countOf(votes.get(message.guid)),
        became: change?.kind,
        quoted,
        isFirstOfWriter: !isSame || isAfterPause,
        isAfterPause,
      };
    });
}

/** Whether a row is drawn on another one. */
function isNewsOf({ tapback, change, poll }: ChatRow, byGuid: ReadonlyMap<string, ChatRow>): boolean {
  if (tapback) return true;
  return byGuid.has(change?.of ?? (poll?.kind === "vote" ? poll.of : ""));
}

/** By message, then by who put it there and what it is. */
function tapbacksOn(messages: readonly ChatRow[]): Map<string, Map<string, string>> {
  const tapbacks = new Map<string, Map<string, string>>();
  for (const { tapback, fromMe, sender } of messages) {
    if (!tapback) continue;
    const on = tapbacks.get(tapback.to) ?? new Map<string, string>();
    tapbacks.set(tapback.to, on);
    const key = `${fromMe ? "me" : sender} ${tapback.emoji}`;
    if (tapback.added) on.set(key, tapback.emoji);
    else on.delete(key);
  }
  return tapbacks;
}

/** By message, then by voter: each vote tells all that its voter has chosen then. */
function votesOn(messages: readonly ChatRow[]): Map<string, Map<string, string[]>> {
  const votes = new Map<string, Map<string, string[]>>();
  for (const { poll, fromMe, sender } of messages) {
    if (poll?.kind !== "vote") continue;
    const on = votes.get(poll.of) ?? new Map<string, string[]>();
    votes.set(poll.of, on.set(fromMe ? "me" : sender, poll.votes));
  }
  return votes;
}

function countOf(votes: Map<string, string[]> | undefined): Map<string, number> {
  const counts = new Map<string, number>();
  for (const chosen of votes?.values() ?? [])
    for (const id of chosen) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}
