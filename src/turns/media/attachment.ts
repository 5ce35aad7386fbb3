import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { BridgeReader, RemoteFiles } from "../../bridge/index.js";
import type { Account } from "../../config/index.js";
import { declaredOf, type FileType, safeFileName } from "../../conversation/index.js";
import { type Clock, err, ok, type Result, type Surroundings, TapbackError } from "../../platform/index.js";
import type { JournalEntry } from "../../store/index.js";
import { type AwaitDeps, awaitFiles } from "./await-files.js";
import { inspect } from "./inspect.js";
import { mediaPlaces } from "./places.js";
import { empty, type MediaRefusal, missing, tooLarge } from "./refusal.js";
import { type FileSource, takeFile } from "./take-file.js";

/** A file of a message, copied. */
interface CopiedAttachment {
  /** As it was sent, made harmless. */
  name: string;
  /** By its content. */
  type: FileType;
  bytes: number;
}

/** A file of a message, open. */
export interface OpenedAttachment {
  name: string;
  mimeType: string;
  bytes: number;
  content: ReadableStream<Uint8Array>;
}

/** What a file is read with. */
export interface AttachmentDeps {
  account: Account;
  bridge: Pick<BridgeReader, "history" | "state"> & { files?: RemoteFiles };
  surroundings: Pick<Surroundings, "home" | "env">;
  clock: Clock;
}

/**
 * Opens one file of a message, for somebody who may read the message, by the rules by which agents get it (behaviour 7.2, 7.3). It is
 * read from a copy which is gone already when the reading begins, so that nothing of it is left behind.
 * @param index its place in the message
 * @returns undefined where the message has no such file
 * @throws `MEDIA_OFF`; why it may not be read, without a path
 */
export async function openAttachment(
  entry: JournalEntry,
  index: number,
  { account, bridge, surroundings, clock }: AttachmentDeps,
): Promise<OpenedAttachment | undefined> {
  if (!account.includeAttachments)
    throw new TapbackError("MEDIA_OFF", `the account ${account.id} takes no files in`);
  const folder = await mkdtemp(join(tmpdir(), "tapback-file-"));
  try {
    const { source } = mediaPlaces(account, surroundings, folder, bridge.files);
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

async function copyAttachment(
  entry: JournalEntry,
  index: number,
  into: string,
  { source, ...look }: Pick<AwaitDeps, "bridge" | "clock"> & { source: FileSource },
): Promise<Result<CopiedAttachment, TapbackError> | undefined> {
  const { signal } = new AbortController();
  const { files } = await awaitFiles(entry, { ...look, waitMs: 0 }, signal);
  const file = files[index];
  if (!file) return undefined;
  if (file.missing || file.path === "") return err(asError(missing));
  if (file.bytes > source.maxMb * 1024 * 1024) return err(asError(tooLarge(source.maxMb)));
  const taken = await takeFile(file.path, into, source, signal);
  if (!taken.ok) return err(asError(taken.error));
  const { type, bytes } = await inspect(into, declaredOf(file));
  if (bytes === 0) return err(asError(empty));
  return ok({ name: safeFileName(file.name || file.path), type, bytes });
}

function asError({ code, note }: MediaRefusal): TapbackError {
  return new TapbackError(code, note);
}
