import type { TapbackEvent } from "../conversation/index.js";
import { chatKeysOf, readableText } from "../conversation/index.js";
import type { AskedIn, JournalEntry, Question, Store } from "../store/index.js";

/** A row as an answer to a permission request (behaviour 6.5). */
export interface GivenAnswer {
  /** The one that is meant; several where the row does not say which (behaviour 6.5). */
  questions: [Question, ...Question[]];
  given: string | Pick<TapbackEvent, "kind" | "added">;
}

/**
 * What a row would answer a permission request with, and where that was asked: a like or dislike on it, a reply to it, or
 * a bare number while it is open or was the last thing said in the chat, or a plain yes or no to the only open one. Neither
 * says anything about what was asked after it was written; a time ahead of ours counts as the row's arrival.
 */
export function answerIn({
  row,
  receivedAt,
}: Pick<JournalEntry, "row" | "receivedAt">): { where: AskedIn; given: GivenAnswer["given"] } | undefined {
  const { tapback, replyTo } = row;
  if (tapback) {
    const { kind, added, targetGuid } = tapback;
    if (kind !== "like" && kind !== "dislike") return undefined;
    return { where: { guid: targetGuid }, given: { kind, added } };
  }
  const text = readableText(row.text).trim();
  if (!/^(?:\d|yes|no|y|n|ok|allow|deny|always|approve|reject)[.)!]?$/i.test(text)) return undefined;
  const writtenAt = Math.min(row.sentAt, receivedAt);
  const isWord = /^(?:yes|no)[.)!]?$/i.test(text);
  const isPlain = isWord || /^[1-9][.)]?$/.test(text);
  // In reply to something else it answers that.
  const chat = !replyTo && isPlain ? { keys: chatKeysOf(row), writtenAt, isWord } : undefined;
  if (!replyTo && !chat) return undefined;
  return { where: { guid: replyTo?.guid, chat }, given: text };
}

/** Finds the permission requests that a row may answer. Whether the sender may answer is not judged here. */
export async function findAnswer(
  entry: Pick<JournalEntry, "row" | "receivedAt" | "account">,
  store: Pick<Store, "questions">,
): Promise<GivenAnswer | undefined> {
  const answer = answerIn(entry);
  if (!answer) return undefined;
  const [first, ...more] = await store.questions.asked(entry.account, answer.where);
  return first && { questions: [first, ...more], given: answer.given };
}
