import type { FileType } from "../../conversation/index.js";
import { safeFileName } from "../../conversation/index.js";
import { err, ok, type Result, TapbackError } from "../../platform/index.js";
import type { JournalEntry } from "../../store/index.js";
import { type AwaitDeps, awaitFiles } from "./await-files.js";
import { inspect } from "./inspect.js";
import { empty, type MediaRefusal, missing, tooLarge } from "./refusal.js";
import { type FileSource, takeFile } from "./take-file.js";

/** A file of a message, copied. */
export interface CopiedAttachment {
  /** As it was sent, made harmless. */
  name: string;
  /** By its content. */
  type: FileType;
  bytes: number;
}

/**
 * Copies one file of a message, for somebody who may read the message, by the rules by which agents get it (behaviour 7.2, 7.3).
 * @param index its place in the message @param into absolute; does not exist yet
 * @returns undefined where the message has no such file; why it may not be read, without a path
 */
export async function copyAttachment(
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
  const { type, bytes } = await inspect(into, file.mimeType);
  if (bytes === 0) return err(asError(empty));
  return ok({ name: safeFileName(file.name || file.path), type, bytes });
}

function asError({ code, note }: MediaRefusal): TapbackError {
  return new TapbackError(code, note);
}
