import type { MessageRow, TapbackEvent } from "../conversation/index.js";
import { chatKeysOf, readableText } from "../conversation/index.js";
import type { Question, Store } from "../store/index.js";

/** A row as an answer to a permission request (behaviour 6.5). */
export interface GivenAnswer {
  question: Question;
  given: string | Pick<TapbackEvent, "kind" | "added">;
}

/**
 * Finds the permission request that a row answers: a like or dislike on it, a reply to it, or a bare number while it is
 * open or was the last thing said in the chat. Whether the sender may answer is not judged here.
 */
export function findAnswer(
  row: MessageRow,
  account: string,
  store: Pick<Store, "questions">,
): GivenAnswer | undefined {
  const { questions } = store;
  const { tapback, replyTo } = row;
  if (tapback) {
    if (tapback.kind !== "like" && tapback.kind !== "dislike") return undefined;
    const question = questions.byGuid(account, tapback.targetGuid);
    return question && { question, given: { kind: tapback.kind, added: tapback.added } };
  }
  const text = readableText(row.text).trim();
  const isWord = /^(?:\d|yes|no|y|n|ok|allow|deny|always|approve|reject)[.)!]?$/i.test(text);
  if (!isWord) return undefined;
  const replied = replyTo && questions.byGuid(account, replyTo.guid);
  if (replied) return { question: replied, given: text };
  if (!/^[1-9][.)]?$/.test(text)) return undefined;
  const keys = chatKeysOf(row);
  const question = questions.open(account, keys).at(-1) ?? questions.lastSaid(account, keys);
  return question && { question, given: text };
}
