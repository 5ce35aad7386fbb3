import { randomUUID } from "node:crypto";
import { mkdir, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { err, ok, type Result, TapbackError } from "../platform/index.js";

/** A file by its path, or by its bytes in base64 with the name that people will see. */
export interface GivenFile {
  path?: string | undefined;
  buffer?: string | undefined;
  filename?: string | undefined;
}

/** What may be sent, and where bytes are kept until they are. */
export interface FileRules {
  /** Judges a path. @returns the real path */
  check: (path: string) => Promise<Result<string, TapbackError>>;
  /** For files that came as bytes; created when absent. */
  folder: string;
  maxMb: number;
}

/**
 * Makes a file ready to be sent.
 * @returns its absolute real path, or why it may not be sent: `FILE_TOO_LARGE`, `FILE_MISSING`, `ACTION_PARAMETERS`
 */
export async function readyFile(given: GivenFile, rules: FileRules): Promise<Result<string, TapbackError>> {
  const maxBytes = rules.maxMb * 1024 * 1024;
  if (given.buffer !== undefined) {
    const bytes = decode(given.buffer);
    if (bytes === undefined) return err(new TapbackError("ACTION_PARAMETERS", "buffer is not base64"));
    if (bytes.length > maxBytes) return err(tooLarge(bytes.length, rules.maxMb));
    const folder = join(rules.folder, randomUUID());
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, safeName(given.filename));
    await writeFile(path, bytes, { mode: 0o600 });
    return ok(path);
  }
  if (given.path === undefined)
    return err(new TapbackError("ACTION_PARAMETERS", "a file is needed: buffer, path, filePath or media"));
  const checked = await rules.check(given.path);
  if (!checked.ok) return checked;
  const { size } = await stat(checked.value);
  return size > maxBytes ? err(tooLarge(size, rules.maxMb)) : checked;
}

function decode(text: string): Buffer | undefined {
  const plain = text.replace(/^data:[^,]{0,200};base64,/, "").replace(/\s+/g, "");
  if (plain === "" || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(plain)) return undefined;
  return Buffer.from(plain, "base64");
}

/** A name cannot lead out of its folder, nor hide behind control characters. */
function safeName(name: string | undefined): string {
  const plain = basename((name ?? "").replaceAll("\\", "/")).replace(
    /[\u0000-\u001f\u007f\u202a-\u202e]/g,
    "",
  );
  return plain === "" || plain === "." || plain === ".." ? "file" : plain.slice(-120);
}

function tooLarge(bytes: number, maxMb: number): TapbackError {
  return new TapbackError(
    "FILE_TOO_LARGE",
    `the file has ${Math.ceil(bytes / 1024 / 1024)} MB; ${maxMb} are allowed`,
    {
      hint: "Raise channels.imessage.mediaMaxMb.",
    },
  );
}
