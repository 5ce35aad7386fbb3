import { basename } from "node:path";
import type { Bridge } from "../bridge/index.js";
import {
  type Chat,
  hasSeveralPeople,
  type MessageRow,
  nameIn,
  normalizeHandle,
  type Target,
} from "../conversation/index.js";
import type { OutboxItem, SendOutcome, Store } from "../store/index.js";
import { compareText } from "./same-text.js";

/** How many rows of the chat's history are read: few chats gain more while one send is in doubt, */
const historyRows = 60;
/** and in those that do, so many at most. */
const mostHistoryRows = 4000;
/** More chats than one list gives in time (protocol reference 5.1). */
const mostChats = 1000;

/**
 * Looks in Messages for a send whose outcome nobody knows, before anything is repeated (behaviour 10.1).
 * @returns `stored` with its row; `retry` when it surely is not there; `unknown` when a row may be it
 * @throws what the bridge throws when the history cannot be read now
 */
export async function reconcile(
  item: OutboxItem,
  bridge: Bridge,
  store: Store,
  at: number,
): Promise<SendOutcome> {
  const found = [];
  for (const chatId of await chatsOf(item, bridge)) found.push(await rowsSince(item, chatId, bridge));
  const rows = found.flatMap((chat) => chat.rows);
  const complete = found.every((chat) => chat.complete);
  const candidates: MessageRow[] = [];
  for (const row of rows.toSorted((a, b) => a.rowId - b.rowId))
    if (row.fromMe && row.rowId > item.floorRow && !(await isTakenByAnother(row, item, store)))
      candidates.push(row);
  const same = candidates.find((row) => compare(item, row) === "same");
  if (same) return { state: "stored", guid: same.guid, rowId: same.rowId };
  if (candidates.some((row) => compare(item, row) === "unclear")) {
    return {
      state: "unknown",
      error: {
        code: "OUTCOME_UNKNOWN",
        message: "a message that may be this one stands in the chat; it was not repeated",
      },
    };
  }
  if (complete) return notThere(at);
  return {
    state: "unknown",
    error: {
      code: "OUTCOME_UNKNOWN",
      message: `the chat has gained more than ${mostHistoryRows} messages since; it was not repeated`,
    },
  };
}

/** The chat's rows since the send was first handed over; `complete` unless there are too many to read. */
async function rowsSince(
  item: OutboxItem,
  chatId: number,
  bridge: Bridge,
): Promise<{ rows: MessageRow[]; complete: boolean }> {
  for (let limit = historyRows; ; limit *= 4) {
    const rows = await bridge.history({ chatId, limit, attachments: item.file !== undefined });
    const complete = rows.length < limit || rows.some((row) => row.rowId <= item.floorRow);
    if (complete || limit >= mostHistoryRows) return { rows, complete };
  }
}

function notThere(at: number): SendOutcome {
  return {
    state: "retry",
    dueAt: at,
    error: { code: "NOT_FOUND_IN_HISTORY", message: "it never reached the chat" },
  };
}

function compare(item: OutboxItem, row: MessageRow): "same" | "unclear" | "different" {
  if (item.file === undefined) return compareText(item.text ?? "", row.text);
  // A file's row shows no text of ours, but the name under which it was sent.
  const name = basename(item.file);
  if (row.attachments.some((attachment) => attachment.name === name)) return "same";
  return row.attachments.length > 0 || row.text.includes("\ufffc") ? "unclear" : "different";
}

async function isTakenByAnother(row: MessageRow, item: OutboxItem, store: Store): Promise<boolean> {
  const owner = await store.outbox.findSent(item.account, row);
  return owner !== undefined && owner.id !== item.id;
}

/** Every chat in which the send may have landed: the same person can have several (protocol reference 9.3). */
async function chatsOf({ target }: OutboxItem, bridge: Bridge): Promise<number[]> {
  if (target.kind === "chat_id") return [target.chatId];
  const chats = await bridge.chats(mostChats);
  return chats.filter((chat) => mayBeOf(chat, target)).map(({ id }) => id);
}

function mayBeOf(chat: Chat, target: Exclude<Target, { kind: "chat_id" }>): boolean {
  if (target.kind === "handle")
    return !hasSeveralPeople(chat) && normalizeHandle(chat.identifier) === target.handle;
  // imsg takes other forms of a GUID for the same chat, and its bare end: what follows the last semicolon decides.
  const wanted = nameIn(target.kind === "chat_guid" ? target.guid : target.identifier);
  return nameIn(chat.guid) === wanted || nameIn(chat.identifier) === wanted;
}
