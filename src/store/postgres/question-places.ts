import type { NewOutboxItem } from "../outbox.js";
import type { Question } from "../questions.js";
import { insertOutbox } from "./insert-outbox.js";
import type { Tx } from "./statements.js";

/** Puts the messages that ask a question into the outbox; inside a transaction of the caller. */
export async function insertPlaces(
  tx: Tx,
  { id, account }: Pick<Question, "id" | "account">,
  asked: readonly NewOutboxItem[],
  at: number,
): Promise<void> {
  for (const item of asked)
    await tx
      .sql("INSERT INTO question_place (outbox_id, question_id, account, chat_key) VALUES (?, ?, ?, ?)")
      .run(await insertOutbox(tx, account, item, at), id, account, item.chatKey);
}
