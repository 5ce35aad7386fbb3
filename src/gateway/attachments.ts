import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { ApiFile } from "../api/index.js";
import { type Clock, type Surroundings, TapbackError } from "../platform/index.js";
import type { JournalEntry } from "../store/index.js";
import { copyAttachment, mediaPlaces } from "../turns/index.js";
import type { AccountRuntime } from "./account/account.js";

/** What the files of messages are read with. */
export interface AttachmentDeps {
  runtimeOf: (account: string) => AccountRuntime | undefined;
  surroundings: Pick<Surroundings, "home" | "env">;
  clock: Clock;
}

/**
 * Opens a file of a message for a program that may read the message. It is read from a copy which is gone already when the reading
 * begins, so that nothing of it is left behind.
 * @returns undefined where there is no such file
 * @throws `MEDIA_OFF`, `ACCOUNT_STOPPED`, why it may not be read
 */
export async function openAttachment(
  { runtimeOf, surroundings, clock }: AttachmentDeps,
  entry: JournalEntry,
  index: number,
): Promise<ApiFile | undefined> {
  const runtime = runtimeOf(entry.account);
  if (!runtime?.bridge)
    throw new TapbackError("ACCOUNT_STOPPED", `the account ${entry.account} is not at work`);
  const { settings, bridge } = runtime;
  if (!settings.includeAttachments)
    throw new TapbackError("MEDIA_OFF", `the account ${entry.account} takes no files in`);
  const folder = await mkdtemp(join(tmpdir(), "tapback-file-"));
  try {
    const { source } = mediaPlaces(settings, surroundings, folder, bridge.files);
    const path = join(folder, "file");
    const copied = await copyAttachment(entry, index, path, { bridge, clock, source });
    if (!copied) return undefined;
    if (!copied.ok) throw copied.error;
    const { name, type, bytes } = copied.value;
    const handle = await open(path);
    const content = Readable.toWeb(handle.createReadStream()) as ReadableStream<Uint8Array>;
    return { name, mimeType: type.mimeType, bytes, content };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
