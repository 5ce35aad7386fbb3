import type { BridgeReader } from "../../bridge/index.js";
import type { Attachment } from "../../conversation/index.js";
import type { Clock } from "../../platform/index.js";
import type { JournalEntry } from "../../store/index.js";

/** How long after its message a file may come, milliseconds; what Messages keeps in iCloud alone never does. */
export const filesMs = 10_000;
/** Between looks. */
const lookEveryMs = 500;
/** Rows of the same moment that are looked through. */
const lookedRows = 20;

export interface AwaitDeps {
  bridge: Pick<BridgeReader, "history" | "state">;
  clock: Clock;
  waitMs: number;
}

/**
 * The attachments of a message as they are now: files that are still downloading are waited for, and what can be had in
 * an easier variant is asked for it (protocol reference 9.12: no event tells of either).
 */
export async function awaitFiles(
  { row, receivedAt }: JournalEntry,
  { bridge, clock, waitMs }: AwaitDeps,
  signal: AbortSignal,
): Promise<Attachment[]> {
  let files = row.attachments;
  if (row.chat.id <= 0 || !files.some((file) => !isThere(file) || hasVariant(file))) return files;
  for (;;) {
    const found = bridge.state === "live" ? await look().catch(() => undefined) : undefined;
    if (found !== undefined && found.length > 0) files = found;
    const left = receivedAt + waitMs - clock.now();
    if (files.every(isThere) || left <= 0) return files;
    if (!(await clock.sleep(Math.min(lookEveryMs, left), signal))) return files;
  }

  async function look(): Promise<Attachment[] | undefined> {
    const rows = await bridge.history({
      chatId: row.chat.id,
      limit: lookedRows,
      since: row.sentAt - 1,
      until: row.sentAt + 1,
      attachments: "converted",
    });
    return rows.find(({ guid, rowId }) => (row.guid ? guid === row.guid : rowId === row.rowId))?.attachments;
  }
}

function isThere({ missing, path }: Attachment): boolean {
  return !missing && path !== "";
}

/** HEIC and CAF can be read by few programs; imsg makes easier ones where it can. */
function hasVariant({ uti, mimeType, name, path }: Attachment): boolean {
  return /hei[cf]|coreaudio-format|x-caf|\.caf$/i.test([uti, mimeType, name, path].join("\n"));
}
