import { tapbackEmoji, tapbackFor } from "../conversation/index.js";
import { type Clock, err, ok, type Result, TapbackError } from "../platform/index.js";
import type { Store } from "../store/index.js";

/** Own rows of a chat that are looked through for a tapback of ours. */
const lookedThrough = 500;
/** Between looks for a tapback that was put there just now, milliseconds, and how many. */
const lookMs = 100;
const mostLooks = 20;

/** Reads a tapback: one of the six by name or emoji, else any emoji as it stands. */
export function readTapback(text: string): Result<string, TapbackError> {
  const known = tapbackFor(text);
  if (known) return ok(known);
  if (/\p{Extended_Pictographic}|\p{Regional_Indicator}{2}|\u20e3/u.test(text)) return ok(text.trim());
  const names = Object.entries(tapbackEmoji).map(([name, emoji]) => `${name} ${emoji}`);
  return err(
    new TapbackError("TAPBACK_UNKNOWN", `there is no tapback ${text.slice(0, 40)}; use ${names.join(", ")}`),
  );
}

/**
 * The tapback that stands from us on a message, by its rows in the journal; undefined when there is none. One that was
 * put there just now is waited for: its row is reported a moment after the call (protocol reference 3.4, item 3).
 */
export async function ownTapback(
  { store, clock }: { store: Store; clock: Clock },
  account: string,
  chatId: number,
  guid: string,
): Promise<string | undefined> {
  for (let looks = 0; ; looks++) {
    const found = await tapbackInJournal(store, account, chatId, guid);
    if (found !== undefined || looks >= mostLooks) return found;
    await clock.sleep(lookMs);
  }
}

async function tapbackInJournal(
  store: Store,
  account: string,
  chatId: number,
  guid: string,
): Promise<string | undefined> {
  const newest = (await store.journal.list({ account, chatId, own: true, limit: lookedThrough })).find(
    ({ row }) => row.fromMe && row.tapback?.targetGuid === guid,
  )?.row.tapback;
  if (!newest?.added) return undefined;
  return tapbackFor(newest.kind) ?? newest.emoji;
}
