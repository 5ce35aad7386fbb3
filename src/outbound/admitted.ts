import { admissionOf, type Policy } from "../access/index.js";
import { type MessageRow, mayBeSameChat, normalizeHandle } from "../conversation/index.js";
import type { ChatOrHandle, Store } from "../store/index.js";

/** What says today who is let in, beside the store. */
export interface Admitting {
  /** Handles of owners, in normal form. */
  owners: ReadonlySet<string>;
  policy: Policy;
}

/**
 * Whether the gates admit a conversation now: somebody wrote in it whom they would let in today, or who reads it is
 * approved or an owner. Having been let in once is history, not a right (behaviour 10.3).
 */
export async function isAdmittedNow(
  account: string,
  where: ChatOrHandle,
  store: Store,
  { owners, policy }: Admitting,
): Promise<boolean> {
  const isApproved = async (handle: string) =>
    owners.has(handle) || (await store.pairing.isApproved(account, handle));
  const newest = await store.journal.lastWritten(account, where);
  const refused: string[] = [];
  for (let entry = newest; entry; entry = await store.journal.lastWritten(account, where, refused)) {
    const { row } = entry;
    const approved = await isApproved(normalizeHandle(row.sender, policy.region));
    if (mayBeSameChat(row.chat, newest!.row.chat) && admissionOf(row, policy, { approved }) === "admitted")
      return true;
    refused.push(row.sender);
  }
  const { chatId = 0 } = where;
  const reader =
    where.handle ??
    // Without a number it is not known which chat is meant, and a request may have come without one.
    (newest || chatId <= 0 ? undefined : await store.pairing.approvedIn(account, chatId));
  if (reader === undefined || !(await isApproved(reader))) return false;
  return admissionOf(rowOf(reader, chatId), policy, { approved: true }) === "admitted";
}

/** Whether somebody who asked to be let in, or was, would be offered a code or be let in today (behaviour 3.3). */
export function mayBeTold(handle: string, chatId: number, approved: boolean, policy: Policy): boolean {
  return admissionOf(rowOf(handle, chatId), policy, { approved, pairing: "pending" }) !== "refused";
}

/** What a person would write in a direct chat, as far as the gates of admission look at it. @param handle in normal form */
function rowOf(handle: string, chatId: number): MessageRow {
  const guid = `any;-;${handle}`;
  const chat = { id: chatId, guid, identifier: handle, name: "", participants: [handle], isGroup: false };
  return { rowId: 0, guid: "", chat, sender: handle, fromMe: false, text: "", sentAt: 0, attachments: [] };
}
