import { basename } from "node:path";
import type { Bridge } from "../bridge/index.js";
import { isSamePerson, type MessageRow, mayBeOf } from "../conversation/index.js";
import type { OutboxItem, SendOutcome, Store } from "../store/index.js";
import { compareText } from "./same-text.js";
import { showsPoll } from "./send-poll.js";

/** How many rows of the chat's history are read: few chats gain more while one send is in doubt, */
const historyRows = 60;
/** of which the oldest are to be from before it: they come by their time, and a Mac's clock may have been set back, */
const earlierRows = 30;
/** and in those that do, so many at most. */
const mostHistoryRows = 4000;
/** Of what was reported of the chat, so many of the newest are looked through beside its history. */
const mostReported = 200;
/** More chats than one list gives in time (protocol reference 5.1). */
const mostChats = 1000;

/**
 * Looks in Messages for a send whose outcome nobody knows, before anything is repeated (behaviour 10.1).
 * @param dueAt when it is repeated, if it has to be
 * @returns `stored` with its row; `retry` when it surely is not there, by its text then if it was a poll; `unknown` when a row
 * may be it
 * @throws what the bridge throws when the history cannot be read now
 */
export async function reconcile(
  item: OutboxItem,
  bridge: Bridge,
  store: Store,
  dueAt: number,
): Promise<SendOutcome> {
  const candidates: MessageRow[] = [];
  let complete = true;
  for await (const chatIds of placesOf(item, bridge)) {
    const found = [];
    for (const chatId of chatIds) found.push(await rowsSince(item, chatId, bridge));
    candidates.push(
      ...(await sentSince(
        item,
        found.flatMap(({ rows }) => rows),
        store,
      )),
    );
    const same =
      candidates.find((row) => compare(item, row) === "same") ?? (await reportedOf(item, chatIds, store));
    if (same) return { state: "stored", guid: same.guid, rowId: same.rowId };
    complete &&= found.every((chat) => chat.complete);
  }
  if (candidates.some((row) => compare(item, row) === "unclear")) {
    return {
      state: "unknown",
      error: {
        code: "OUTCOME_UNKNOWN",
        message: "a message that may be this one stands in the chat; it was not repeated",
      },
    };
  }
  if (complete) return { ...notThere(dueAt), ...(item.poll && { inDoubt: true }) };
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
    const isBefore = rows.slice(-earlierRows).every((row) => row.rowId <= item.floorRow);
    const complete = rows.length < limit || isBefore;
    if (complete || limit >= mostHistoryRows) return { rows, complete };
  }
}

/** Own rows since the send was first handed over that are of no other send, in their order. */
async function sentSince(item: OutboxItem, rows: MessageRow[], store: Store): Promise<MessageRow[]> {
  const found: MessageRow[] = [];
  for (const row of rows.toSorted((a, b) => a.rowId - b.rowId))
    if (row.fromMe && row.rowId > item.floorRow && !(await isTakenByAnother(row, item, store)))
      found.push(row);
  return found;
}

/** Its row among those that were reported of chats: where it is dated far before others, the history does not show it. */
async function reportedOf(
  item: OutboxItem,
  chatIds: readonly number[],
  store: Store,
): Promise<MessageRow | undefined> {
  const { account } = item;
  for (const chatId of chatIds) {
    const entries = await store.journal.list({ account, chatId, own: true, limit: mostReported });
    const rows = entries.map(({ row }) => row).filter((row) => compare(item, row) === "same");
    const [found] = await sentSince(item, rows, store);
    if (found) return found;
  }
  return undefined;
}

function notThere(dueAt: number): SendOutcome {
  return {
    state: "retry",
    dueAt,
    error: { code: "NOT_FOUND_IN_HISTORY", message: "it never reached the chat" },
  };
}

function compare(item: OutboxItem, row: MessageRow): "same" | "unclear" | "different" {
  if (item.attemptId !== undefined) return row.guid === item.attemptId ? "same" : "different";
  if (row.poll) return showsPoll(row, item.poll?.question) ? "same" : "different";
  if (item.file === undefined) return compareText(item.text ?? "", row.text);
  // Of a recording that could not go the text went.
  if (item.text !== undefined && compareText(item.text, row.text) === "same") return "same";
  // A file's row shows no text of ours, but the name under which it was sent.
  const name = basename(item.file);
  if (row.attachments.some((attachment) => attachment.name === name)) return "same";
  return row.attachments.length > 0 || row.text.includes("\ufffc") ? "unclear" : "different";
}

async function isTakenByAnother(row: MessageRow, item: OutboxItem, store: Store): Promise<boolean> {
  const owner = await store.outbox.findSent(item.account, row);
  return owner !== undefined && owner.id !== item.id;
}

/**
 * The chats in which the send may have landed, those first in which it most likely did: the same person can have several,
 * and a send by script goes to the person, not to the chat (protocol reference 3.5, 9.3).
 */
async function* placesOf({ target }: OutboxItem, bridge: Bridge): AsyncGenerator<number[]> {
  if (target.kind === "chat_id") yield [target.chatId];
  const chats = await bridge.chats(mostChats);
  if (target.kind !== "chat_id")
    return yield chats.filter((chat) => mayBeOf(chat, target)).map(({ id }) => id);
  const named = chats.find(({ id }) => id === target.chatId);
  if (named)
    yield chats.filter((chat) => chat.id !== named.id && isSamePerson(chat, named)).map(({ id }) => id);
}
