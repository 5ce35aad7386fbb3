import {
  fileKind,
  type MessageRow,
  normalizeHandle,
  ownSender,
  type ReplyContext,
  readableText,
  safeFileName,
  shownText,
} from "../../conversation/index.js";
import type { JournalEntry, Store } from "../../store/index.js";

/**
 * Tells truly what messages answer (behaviour 5.5): whose words those were, by the GUID, and what it was where it has no
 * words. imsg names the other party as the sender of own rows of a direct chat (protocol reference 9.6).
 * @returns the entries, with the reply contexts that agents are shown
 */
export async function withTrueReplies(
  entries: JournalEntry[],
  account: string,
  store: Pick<Store, "journal" | "outbox">,
): Promise<JournalEntry[]> {
  return Promise.all(
    entries.map(async (entry) => {
      const { replyTo } = entry.row;
      if (!replyTo) return entry;
      const parent = (await store.journal.findByGuid(replyTo.guid, account))?.row;
      const isOurs =
        parent?.fromMe ||
        (await store.outbox.findSent(account, { guid: replyTo.guid, rowId: -1 })) !== undefined;
      return {
        ...entry,
        row: { ...entry.row, replyTo: trueReply(replyTo, entry.row, parent, isOurs === true) },
      };
    }),
  );
}

function trueReply(
  { guid, text, sender }: ReplyContext,
  row: MessageRow,
  parent: MessageRow | undefined,
  isOurs: boolean,
): ReplyContext {
  const whose = isOurs ? ownSender : (parent?.sender ?? knownSender(sender, row));
  const words = readableText(text ?? "") || (parent ? whatItWas(parent) : unseen(text));
  return { guid, ...(words && { text: words }), ...(whose && { sender: whose }) };
}

/** The sender of a message that nobody here saw: in a direct chat imsg names the other party for both sides. */
function knownSender(sender: string | undefined, { destination, chat }: MessageRow): string | undefined {
  if (sender === undefined) return undefined;
  if (destination && normalizeHandle(sender) === normalizeHandle(destination)) return ownSender;
  return chat.isGroup ? sender : undefined;
}

function whatItWas(parent: MessageRow): string {
  const files = parent.attachments.map(
    (file) => `${fileKind(file)}, ${safeFileName(file.name || file.path)}`,
  );
  return files.length > 0 ? files.join("; ") : shownText(parent);
}

function unseen(text: string | undefined): string {
  return text?.includes("\ufffc") ? "a picture or another file" : "";
}
