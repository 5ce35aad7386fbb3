import { removeStaged, type StagedFile, stageBytes, stageFile } from "../outbound/index.js";
import { err, ok, type Result, TapbackError } from "../platform/index.js";

/** A file by its path, or by its bytes in base64 with the name that people will see. */
export interface GivenFile {
  path?: string | undefined;
  buffer?: string | undefined;
  filename?: string | undefined;
}

/** A file that came as its bytes. */
export interface BytesOfFile {
  /** That people will see. */
  name: string;
  bytes: Uint8Array;
}

/** What may be sent, and where it waits until it is. */
export interface FileRules {
  /** Judges a path. @returns the real path */
  check: (path: string) => Promise<Result<string, TapbackError>>;
  /** What came as bytes, by what stands for its path. */
  given?: ReadonlyMap<string, BytesOfFile>;
  /** For the copies that wait; created when absent. */
  folder: string;
  maxMb: number;
}

/**
 * Makes a file ready to be sent: a copy of it, as it is now.
 * @param asVoice it has to be a recording
 * @returns the copy's absolute real path, or why it may not be sent: `FILE_TOO_LARGE`, `FILE_MISSING`, `FILE_REFUSED`,
 *   `FILE_NOT_AUDIO`, `ACTION_PARAMETERS`, or what `rules.check` says
 */
export async function readyFile(
  given: GivenFile,
  rules: FileRules,
  asVoice = false,
): Promise<Result<string, TapbackError>> {
  const staged = await stageGiven(given, rules);
  if (!staged.ok) return staged;
  const { path, mimeType } = staged.value;
  if (!asVoice || mimeType.startsWith("audio/")) return ok(path);
  await removeStaged(path);
  return err(
    new TapbackError("FILE_NOT_AUDIO", `a voice message is a recording; this file is ${mimeType}`, {
      hint: "Send it without asVoice, or as M4A, CAF or MP3.",
    }),
  );
}

async function stageGiven(
  { buffer, path, filename }: GivenFile,
  { check, given, folder, maxMb }: FileRules,
): Promise<Result<StagedFile, TapbackError>> {
  if (buffer !== undefined) {
    const bytes = decode(buffer);
    if (bytes === undefined) return err(new TapbackError("ACTION_PARAMETERS", "buffer is not base64"));
    return stageBytes(bytes, filename ?? "", folder, maxMb);
  }
  if (path === undefined)
    return err(new TapbackError("ACTION_PARAMETERS", "a file is needed: buffer, path, filePath or media"));
  const held = given?.get(path);
  if (held) return stageBytes(held.bytes, held.name, folder, maxMb);
  const checked = await check(path);
  return checked.ok ? stageFile(checked.value, folder, maxMb) : checked;
}

/** @returns the bytes of base64, also of a data URL; undefined when it is none */
export function decode(text: string): Buffer | undefined {
  const plain = text.replace(/^data:[^,]{0,200};base64,/, "").replace(/\s+/g, "");
  if (plain === "" || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(plain)) return undefined;
  return Buffer.from(plain, "base64");
}
