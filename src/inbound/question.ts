import type { MessageRow, TapbackEvent } from "../conversation/index.js";
import { chatKeysOf, readableText } from "../conversation/index.js";
import type { AskedIn, Question, Store } from "../store/index.js";

/** A row as an answer to a permission request (behaviour 6.5). */
export interface GivenAnswer {
  question: Question;
  given: string | Pick<TapbackEvent, "kind" | "added">;
}

/**
 * What a row would answer a permission request with, and where that was asked: a like or dislike on it, a reply to it, or
 * a bare number while it is open or was the last thing said in the chat.
 */
export function answerIn(row: MessageRow): { where: AskedIn; given: GivenAnswer["given"] } | undefined {
  const { tapback, replyTo } = row;
  if (tapback) {
    const { kind, added, targetGuid } = tapback;
    if (kind !== "like" && kind !== "dislike") return undefined;
    return { where: { guid: targetGuid }, given: { kind, added } };
  }
  const text = readableText(row.text).trim();
  if (!/^(?:\d|yes|no|y|n|ok|allow|deny|always|approve|reject)[.)!]?$/i.test(text)) return undefined;
  const chatKeys = /^[1-9][.)]?$/.test(text) ? chatKeysOf(row) : undefined;
  if (!replyTo && !chatKeys) return undefined;
  return { where: { guid: replyTo?.guid, chatKeys }, given: text };
}

/** Finds the permission request that a row answers. Whether the sender may answer is not judged here. */
export async function findAnswer(
  row: MessageRow,
  account: string,
  store: Pick<Store, "questions">,
): Promise<GivenAnswer | undefined> {
  const answer = answerIn(row);
  const question = answer && (await store.questions.asked(account, answer.where));
  return question && { question, given: answer.given };
}
