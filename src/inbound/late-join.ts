import { type BridgeReader, ofOneChat } from "../bridge/index.js";
import { type Chat, isPlaced, type MessageRow } from "../conversation/index.js";
import type { Clock } from "../platform/index.js";

/**
 * Waits before each look, milliseconds: Messages writes the join within moments (protocol reference 3.4, item 8), but a
 * busy Mac may take longer. After about half a minute the row is given up.
 */
export const lateJoinWaits: readonly number[] = [200, 500, 1000, 2000, 4000, 8000, 15_000];

/**
 * Finds the chat of a row that was reported before its chat was written.
 * @returns the chat; undefined when it was not found in time, for who wrote says nothing about where: the row may be of
 *   a group (behaviour 4.1)
 */
export async function findChat(
  row: MessageRow,
  bridge: BridgeReader,
  { clock, waits = lateJoinWaits }: { clock: Clock; waits?: readonly number[] },
  signal: AbortSignal,
): Promise<Chat | undefined> {
  for (const wait of waits) {
    if (!(await clock.sleep(wait, signal))) return undefined;
    const found = await lookUp(row, bridge).catch(() => undefined);
    if (found) return found;
  }
  return undefined;
}

async function lookUp(row: MessageRow, bridge: BridgeReader): Promise<Chat | undefined> {
  for (const chat of await bridge.chats(20)) {
    const rows = await ofOneChat(bridge.history({ chatId: chat.id, limit: 20 }));
    if (!rows.ok) continue;
    const match = rows.value.find((candidate) =>
      row.guid ? candidate.guid === row.guid : candidate.rowId === row.rowId,
    );
    if (match && isPlaced(match.chat))
      return { ...match.chat, ...(chat.service && { service: chat.service }) };
  }
  return undefined;
}
