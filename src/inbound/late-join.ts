import type { BridgeReader } from "../bridge/index.js";
import { type Chat, handleKind, type MessageRow, normalizeHandle } from "../conversation/index.js";
import { sleep } from "../platform/index.js";

/** Waits before each look, milliseconds: Messages writes the join within moments (protocol reference 3.4, item 8). */
const waits = [200, 500, 1000, 2000, 4000];

/**
 * Finds the chat of a row that was reported before its chat was written.
 * @returns the chat; for want of it, the sender's direct chat by handle (id 0); undefined when there is no sender either
 */
export async function findChat(
  row: MessageRow,
  bridge: BridgeReader,
  signal: AbortSignal,
): Promise<Chat | undefined> {
  for (const wait of waits) {
    if (!(await sleep(wait, signal))) return undefined;
    const found = await lookUp(row, bridge).catch(() => undefined);
    if (found) return found;
  }
  const handle = normalizeHandle(row.sender);
  if (!row.sender || handleKind(handle) === "other") return undefined;
  return { id: 0, guid: "", identifier: handle, name: "", participants: [handle], isGroup: false };
}

async function lookUp(row: MessageRow, bridge: BridgeReader): Promise<Chat | undefined> {
  for (const chat of await bridge.chats(20)) {
    const rows = await bridge.history({ chatId: chat.id, limit: 20 });
    const match = rows.find((candidate) =>
      row.guid ? candidate.guid === row.guid : candidate.rowId === row.rowId,
    );
    if (match) return { ...match.chat, ...(chat.service && { service: chat.service }) };
  }
  return undefined;
}
