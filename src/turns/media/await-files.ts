import type { BridgeReader } from "../../bridge/index.js";
import { type Attachment, isVoiceMessage, type MessageRow, readableText } from "../../conversation/index.js";
import type { Clock } from "../../platform/index.js";
import type { JournalEntry } from "../../store/index.js";

/** How long after its message a file may come, milliseconds; what Messages keeps in iCloud alone never does. */
export const filesMs = 10_000;
/** What Messages writes down of a voice message is waited for as part of that: it has no words at all on some Macs. */
const wordsShare = 0.5;
/** Between looks. */
const lookEveryMs = 500;
/** Rows of the same moment that are looked through. */
const lookedRows = 20;

export interface AwaitDeps {
  bridge: Pick<BridgeReader, "history" | "state">;
  clock: Clock;
  waitMs: number;
}

/** A message's files, and its words: of a voice message, what was said in it. */
export interface Arrived {
  files: Attachment[];
  words: string;
}

/**
 * The attachments of a message as they are now: files that are still downloading are waited for, so are the words of a voice
 * message, for half as long, and what can be had in an easier variant is asked for it (protocol reference 9.12: no event tells
 * of any of it).
 */
export async function awaitFiles(
  { row, receivedAt }: JournalEntry,
  { bridge, clock, waitMs }: AwaitDeps,
  signal: AbortSignal,
): Promise<Arrived> {
  const now: Arrived = { files: row.attachments, words: readableText(row.text) };
  const isWordless = () => now.words === "" && now.files.some(isVoiceMessage);
  if (row.chat.id <= 0 || !(isWordless() || now.files.some((file) => !isThere(file) || hasVariant(file))))
    return now;
  let waited = 0;
  for (;;) {
    const found = bridge.state === "live" ? await look().catch(() => undefined) : undefined;
    if (found !== undefined && found.attachments.length > 0) now.files = found.attachments;
    if (now.words === "" && found !== undefined) now.words = readableText(found.text);
    const waits = now.files.every(isThere) ? (isWordless() ? waitMs * wordsShare : 0) : waitMs;
    // By its own time as well: the clock may be set back meanwhile.
    const left = Math.min(receivedAt + waits - clock.now(), waits - waited);
    if (waits === 0 || left <= 0) return now;
    const step = Math.min(lookEveryMs, left);
    if (!(await clock.sleep(step, signal))) return now;
    waited += step;
  }

  async function look(): Promise<MessageRow | undefined> {
    const rows = await bridge.history({
      chatId: row.chat.id,
      limit: lookedRows,
      since: row.sentAt - 1,
      until: row.sentAt + 1,
      attachments: "converted",
    });
    return rows.find(({ guid, rowId }) => (row.guid ? guid === row.guid : rowId === row.rowId));
  }
}

function isThere({ missing, path }: Attachment): boolean {
  return !missing && path !== "";
}

/** HEIC and CAF can be read by few programs; imsg makes easier ones where it can. */
function hasVariant({ uti, mimeType, name, path }: Attachment): boolean {
  return /hei[cf]|coreaudio-format|x-caf|\.caf$/i.test([uti, mimeType, name, path].join("\n"));
}
