import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  type Attachment,
  declaredOf,
  declaredType,
  type EnvelopeAttachment,
  type FileType,
  safeFileName,
  splitName,
} from "../../conversation/index.js";
import { convert, easierType } from "./convert.js";
import { inspect } from "./inspect.js";
import { empty, type MediaRefusal, missing, tooLarge } from "./refusal.js";
import { type FileSource, takeFile } from "./take-file.js";

/** Where files are taken from and put to. */
export interface HandOver {
  source: FileSource;
  /** Where imsg keeps the variants that it makes; the same machine as the source. */
  variants: FileSource;
  /** Private, absolute, exists. */
  folder: string;
  env: Record<string, string | undefined>;
}

/**
 * Makes one attachment ready for an agent: copied, its type told by its content, in an easier form where its own can be
 * read by few programs (behaviour 7.2, 7.5).
 * @param id unique within the folder
 */
export async function handOver(
  file: Attachment,
  id: number,
  to: HandOver,
  signal: AbortSignal,
): Promise<{ attachment: EnvelopeAttachment; refusal?: MediaRefusal }> {
  const given = safeFileName(file.name || file.path);
  const refused = (refusal: MediaRefusal) => ({
    attachment: {
      mimeType: declaredType(declaredOf(file)),
      bytes: file.bytes,
      name: given,
      note: refusal.note,
    },
    refusal,
  });
  if (file.missing || file.path === "") return refused(missing);
  if (file.bytes > to.source.maxMb * 1024 * 1024) return refused(tooLarge(to.source.maxMb));
  const raw = join(to.folder, `${id}.raw`);
  const taken = await takeFile(file.path, raw, to.source, signal);
  if (!taken.ok) return refused(taken.error);
  const own = await inspect(raw, declaredOf(file));
  if (own.bytes === 0) {
    await rm(raw);
    return refused(empty);
  }
  const easier = easierType(own.type.mimeType);
  const variant = easier ? await easierForm(file, { path: raw, type: own.type, id }, to, signal) : undefined;
  if (variant) await rm(raw);
  const { path, type, bytes } = variant ?? { path: raw, ...own };
  const { stem, ending } = splitName(given);
  const name = variant ? `${stem}${type.ending}` : ending === "" ? `${given}${type.ending}` : given;
  // Under its own name, in case it is sent on.
  const final = join(to.folder, String(id), name);
  await mkdir(join(to.folder, String(id)), { mode: 0o700 });
  await rename(path, final);
  const note = noteOn(file, easier !== undefined && !variant);
  return {
    attachment: { path: final, mimeType: type.mimeType, bytes, name, ...(note !== "" && { note }) },
  };
}

/** The variant that imsg made, else one that is made here from the copy at `path`. */
async function easierForm(
  file: Attachment,
  { path, type, id }: { path: string; type: FileType; id: number },
  { variants, folder, env }: HandOver,
  signal: AbortSignal,
): Promise<{ path: string; type: FileType; bytes: number } | undefined> {
  const maxBytes = variants.maxMb * 1024 * 1024;
  const offered = join(folder, `${id}.variant`);
  if (file.converted && (await takeFile(file.converted.path, offered, variants, signal)).ok) {
    const found = await inspect(offered, file.converted.mimeType);
    if (found.bytes > 0 && !easierType(found.type.mimeType)) return { path: offered, ...found };
    await rm(offered);
  }
  const easier = easierType(type.mimeType)!;
  // Programs go by the ending.
  const from = join(folder, `${id}${type.ending}`);
  const made = join(folder, `${id}.made${easier.ending}`);
  await rename(path, from);
  const done = await convert({ mimeType: type.mimeType, from, to: made, maxBytes, env }, signal);
  await rename(from, path);
  return done ? { path: made, ...(await inspect(made, easier.mimeType)) } : undefined;
}

/** What an agent cannot see from the file itself. */
function noteOn(file: Attachment, unconverted: boolean): string {
  const notes: string[] = [];
  if (file.isSticker) notes.push("a sticker");
  if (unconverted) notes.push("no program here turns it into a common format");
  return notes.join("; ");
}
