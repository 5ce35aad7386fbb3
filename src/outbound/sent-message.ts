import { isRowNumber, TapbackError } from "../platform/index.js";
import type { OutboxItem, Store } from "../store/index.js";

/** Finds a sent message by its number in the outbox or its GUID. @throws `MESSAGE_UNKNOWN` */
export async function sentMessage(store: Store, account: string, message: string): Promise<OutboxItem> {
  const item = isRowNumber(message)
    ? await store.outbox.get(Number(message))
    : await store.outbox.findSent(account, { guid: message, rowId: -1 });
  if (item && item.account === account) return item;
  throw new TapbackError("MESSAGE_UNKNOWN", `there is no sent message ${message}`, {
    hint: "Give the GUID that `tapback message send` printed, or the number that it names for a message that still waits (`ids` with --json).",
  });
}
