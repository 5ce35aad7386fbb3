import { type BridgeReader, ofOneChat } from "../bridge/index.js";
import type { Chat, MessageRow } from "../conversation/index.js";

/** Rows of one request: a large database costs about 20 ms a row, and sends wait meanwhile (protocol reference 12, row 6). */
const pageRows = 100;
const firstChats = 50;

/** What the history has since a time. */
export interface HistorySince {
  /** Oldest first. */
  rows: MessageRow[];
  /** Chats that cannot be read now (behaviour 9.9). */
  unread: number[];
}

/**
 * Reads all rows of all chats since a time. A busy chat is read in pages from the newest back, so that it does not lose
 * its older rows to a limit.
 * @param since inclusive, milliseconds since the epoch
 * @param until exclusive; absent: without an end
 * @throws BridgeError when the chats cannot be listed, or the child is gone
 */
export async function historySince(
  bridge: Pick<BridgeReader, "chats" | "history">,
  since: number,
  until?: number,
): Promise<HistorySince> {
  const found = new Map<string, MessageRow>();
  const unread: number[] = [];
  for (const { id } of await activeChats(bridge, since)) {
    const rows = await ofOneChat(chatSince(bridge, id, since, until));
    if (!rows.ok) unread.push(id);
    else for (const row of rows.value) found.set(keyOf(row), row);
  }
  const rows = [...found.values()].sort((a, b) => a.sentAt - b.sentAt || a.rowId - b.rowId);
  return { rows, unread };
}

/** Chats with anything since then. */
async function activeChats(bridge: Pick<BridgeReader, "chats">, since: number): Promise<Chat[]> {
  for (let limit = firstChats; ; limit *= 4) {
    const chats = await bridge.chats(limit);
    const active = chats.filter(({ lastMessageAt }) => lastMessageAt === undefined || lastMessageAt >= since);
    if (chats.length < limit || active.length < chats.length) return active;
  }
}

async function chatSince(
  bridge: Pick<BridgeReader, "history">,
  chatId: number,
  since: number,
  end: number | undefined,
): Promise<MessageRow[]> {
  const found = new Map<string, MessageRow>();
  let until = end;
  for (let limit = pageRows; ; ) {
    const page = await bridge.history({
      chatId,
      limit,
      since,
      attachments: true,
      faulty: true,
      until,
    });
    for (const row of page) found.set(keyOf(row), row);
    if (page.length < limit) return [...found.values()];
    // The page's oldest moment may go on behind the page, so it is asked for again.
    const next = Math.min(...page.map(({ sentAt }) => sentAt || Number.POSITIVE_INFINITY)) + 1;
    if (next === Number.POSITIVE_INFINITY) return [...found.values()];
    if (next === until) limit *= 4;
    until = next;
  }
}

/** What the journal knows a row by. */
export function keyOf({ guid, rowId }: Pick<MessageRow, "guid" | "rowId">): string {
  return guid || `row:${rowId}`;
}
