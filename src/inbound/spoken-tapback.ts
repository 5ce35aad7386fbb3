import { isQuotedBy, type MessageRow, type TapbackEvent, tapbackInWords } from "../conversation/index.js";
import type { JournalEntry, Store } from "../store/index.js";

/** Rows of the chat, newest first, among which the message is looked for that a tapback in words is on. */
const lookedRows = 200;

/** A row's tapback where it is one in words of a message that is known; a sentence that only begins like one is a message. */
export async function spokenTapback(
  { id, row, account }: Pick<JournalEntry, "id" | "row" | "account">,
  store: Pick<Store, "journal">,
): Promise<TapbackEvent | undefined> {
  if (row.fromMe || row.tapback || row.chat.id <= 0) return undefined;
  const spoken = tapbackInWords(row.text);
  if (!spoken) return undefined;
  const before = await store.journal.list({
    account,
    chatId: row.chat.id,
    own: true,
    before: id,
    limit: lookedRows,
  });
  const on = before.find((earlier) => earlier.row.guid !== "" && isQuotedBy(earlier.row, spoken));
  return on && tapbackOn(on.row, spoken);
}

function tapbackOn(on: MessageRow, { kind, emoji, added }: Omit<TapbackEvent, "targetGuid">): TapbackEvent {
  return { kind, emoji, added, targetGuid: on.guid };
}
