import type { MacAccess, MacReader } from "../../bridge/index.js";
import type { Account } from "../../config/index.js";
import { type Chat, formatTarget, type MessageRow, nameIn, namesSameChat } from "../../conversation/index.js";
import { historySince, sameDatabase } from "../../inbound/index.js";
import { nameMeant } from "../../outbound/index.js";
import { messageOf, TapbackError } from "../../platform/index.js";
import type { OutboxItem, RestoredAccount, Store } from "../../store/index.js";
import { answeredSince, conversationNamed, type Unsent } from "./since.js";

/** Whether the Messages database is the one whose numbers the backup knows; `new` where the backup knows no message. */
export type Generation = "same" | "other" | "unknown" | "new";

/** A chat whose number means another conversation now. */
export interface MovedChat {
  chatId: number;
  was: string;
  /** Undefined where the number names nothing now. */
  now?: string | undefined;
}

/** What Messages said of one account. */
export interface Asked {
  generation: Generation;
  moved: MovedChat[];
  settled: Unstopped;
}

/** What became of an account's messages, without who said STOP. */
export type Unstopped = Omit<RestoredAccount, "stops">;

/** Clocks and slow sends: so much before the backup is read again, milliseconds. */
const slackMs = 600_000;
/** What is older is not answered unasked any more, as catch-up has it (behaviour 9.4), milliseconds. */
const tooOldMs = 12 * 3600_000;
const mostOpen = 100_000;
/** One read of a long history may take this long, milliseconds. */
const readMs = 120_000;
const mostChats = 1000;

/**
 * Asks Messages what became of an account since its backup was made.
 * @param store that of the backup
 * @param takenAt when it was made, milliseconds since the epoch
 * @throws BridgeError; `RESTORE_UNASKED` where a chat cannot be read
 */
export async function askMessages(
  account: Pick<Account, "id" | "region">,
  store: Store,
  { takenAt, mac }: { takenAt: number; mac: Pick<MacAccess, "look"> },
): Promise<Asked> {
  const unfinished = await unfinishedOf(account.id, store);
  const waiting = await store.outbox.list({ states: ["pending", "sending"], limit: mostOpen });
  const now = Date.now();
  const old = unfinished.filter(({ row }) => row.sentAt < now - tooOldMs);
  const young = unfinished.filter((entry) => !old.includes(entry));
  const since = Math.min(takenAt, ...young.map(({ row }) => row.sentAt)) - slackMs;
  return await mac.look(async (reader) => {
    const known = await store.journal.list({ account: account.id, own: true, limit: 1 });
    const generation = known.length === 0 ? "new" : await sameDatabase(reader, store, account.id);
    const rows = await wholeHistory(reader, since);
    const journaled = await store.journal.findByGuids(
      rows.map(({ guid }) => guid),
      account.id,
    );
    const guids = new Set(journaled.keys());
    for (const row of rows) if (await store.outbox.findSent(account.id, row)) guids.add(row.guid);
    const unsent: Unsent[] = [];
    for (const item of waiting)
      if (item.account === account.id)
        unsent.push({
          ...item,
          places: await placesOf(item, store, { isSame: generation === "same", region: account.region }),
        });
    const { aside, seen, own } = answeredSince(rows, { unfinished: young, guids, unsent }, account.region);
    const moved =
      generation === "same" ? [] : await movedChats(account.id, store, await reader.chats(mostChats));
    const settled = { account: account.id, aside: [...aside, ...old.map(({ id }) => id)], seen, own };
    return { generation, moved, settled };
  }, readMs);
}

/**
 * In a chat that is not read everything would count as not answered. A lock passes, so what was not read is asked for once more.
 * @throws `RESTORE_UNASKED`
 */
async function wholeHistory(reader: MacReader, since: number): Promise<MessageRow[]> {
  let { rows, unread } = await historySince(reader, since);
  if (unread.length > 0) ({ rows, unread } = await historySince(reader, since));
  if (unread.length === 0) return rows;
  const chats = unread.map((id) => `chat_id:${id}`).join(", ");
  throw new TapbackError("RESTORE_UNASKED", `the history of ${chats} cannot be read`, {
    hint: "Try again in a minute: Messages may be busy with it.",
  });
}

/** What the conversation of a send is known by. @param isSame whether the numbers of chats are those of the backup */
async function placesOf(
  item: OutboxItem,
  store: Store,
  { isSame, region }: { isSame: boolean; region: string },
): Promise<string[]> {
  const { target } = item;
  switch (target.kind) {
    case "handle":
      return [conversationNamed(target.handle, region)];
    case "chat_guid":
      return [conversationNamed(target.guid, region)];
    case "chat_identifier":
      return [conversationNamed(target.identifier, region)];
    case "chat_id": {
      const name = await nameMeant(item, target.chatId, store);
      return [...(name ? [conversationNamed(name, region)] : []), ...(isSame ? [formatTarget(target)] : [])];
    }
  }
}

/** All that had no end yet is put aside, and what came since counts as missed: nobody knows what was answered. */
export async function unasked(account: string, store: Store, takenAt: number): Promise<Unstopped> {
  const unfinished = await unfinishedOf(account, store);
  return { account, aside: unfinished.map(({ id }) => id), seen: [], own: [], stoppedAt: takenAt };
}

async function unfinishedOf(account: string, store: Store) {
  const inTurn = await store.journal.list({ account, state: "in_turn", limit: mostOpen });
  return [...inTurn, ...(await store.journal.unfinished(account))];
}

/** The chats that the backup names by their number, and that are others now. */
async function movedChats(account: string, store: Store, chats: readonly Chat[]): Promise<MovedChat[]> {
  const newest = await store.journal.list({ account, own: true, limit: 5000 });
  const was = new Map<number, string>();
  for (const { row } of newest)
    if (row.chat.id > 0 && !was.has(row.chat.id)) was.set(row.chat.id, row.chat.guid || row.chat.identifier);
  const today = new Map(chats.map((chat) => [chat.id, chat.guid || chat.identifier]));
  return [...was]
    .filter(([id, name]) => name !== "" && !namesSameChat(name, today.get(id) ?? ""))
    .map(([chatId, name]) => ({
      chatId,
      was: nameIn(name),
      now: today.get(chatId) && nameIn(today.get(chatId)!),
    }));
}

/** @returns why Messages cannot be asked, as one error of this command */
export function cannotAsk(account: Account, error: unknown): TapbackError {
  const cause = error instanceof TapbackError && error.hint ? ` ${error.hint}` : "";
  return new TapbackError(
    "RESTORE_UNASKED",
    `Messages of the account ${account.id} cannot be asked what was answered since the backup: ${messageOf(error)}`,
    {
      hint: `${cause} Or use --without-messages: then nothing is answered that came before now.`.trim(),
      cause: error,
    },
  );
}
