import { randomUUID } from "node:crypto";
import { lstat, mkdir, open, realpath, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileTypeOf, headBytes, safeFileName, splitName } from "../conversation/index.js";
import {
  type CopyProblem,
  copyFile,
  type ErrorCode,
  err,
  errnoOf,
  ok,
  type Result,
  TapbackError,
} from "../platform/index.js";

/** A file that waits to be sent: a copy, so that it goes out as it was when it was named. */
export interface StagedFile {
  /** Absolute, without a link in it: imsg takes no other (protocol reference 3.2). */
  path: string;
  /** By its content. */
  mimeType: string;
}

/**
 * Copies a file to where it waits to be sent.
 * @param real absolute, with every link resolved
 * @param folder of all files that wait; created when absent
 * @returns `FILE_TOO_LARGE`, `FILE_MISSING`, `FILE_REFUSED` or `FILE_UNREADABLE` when it cannot be sent
 */
export async function stageFile(
  real: string,
  folder: string,
  maxMb: number,
): Promise<Result<StagedFile, TapbackError>> {
  return stage(safeFileName(basename(real)), folder, async (into) => {
    const copied = await copyFile(real, into, maxMb * 1024 * 1024);
    return copied.ok ? ok(undefined) : err(copyError(copied.problem, real, maxMb));
  });
}

/** The same for a file that came as bytes. @param name that people will see */
export async function stageBytes(
  bytes: Uint8Array,
  name: string,
  folder: string,
  maxMb: number,
): Promise<Result<StagedFile, TapbackError>> {
  if (bytes.length > maxMb * 1024 * 1024) return err(tooLarge(maxMb));
  return stage(safeFileName(name), folder, async (into) => {
    await writeFile(into, bytes, { mode: 0o600, flag: "wx" });
    return ok(undefined);
  });
}

/** Removes a file that waits no more, with the folder that it has for itself. */
export async function removeStaged(path: string): Promise<void> {
  await rm(dirname(path), { recursive: true, force: true });
}

/**
 * Judges a file once more when it is sent: it must still be the plain file that was put there.
 * @returns the error when it must not go out
 */
export async function checkStaged(
  path: string,
  folder: string,
  maxMb: number,
): Promise<{ code: ErrorCode; message: string } | undefined> {
  try {
    const [root, real, facts] = await Promise.all([realpath(folder), realpath(path), lstat(path)]);
    if (real !== path || dirname(dirname(path)) !== root || !facts.isFile())
      return { code: "FILE_REFUSED", message: `${path} is not the file that was to be sent` };
    return facts.size > maxMb * 1024 * 1024 ? plain(tooLarge(maxMb)) : undefined;
  } catch (error) {
    return plain(copyError(errnoOf(error) === "ENOENT" ? "missing" : "unreadable", path, maxMb));
  }
}

async function stage(
  name: string,
  folder: string,
  write: (into: string) => Promise<Result<void, TapbackError>>,
): Promise<Result<StagedFile, TapbackError>> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const place = join(await realpath(folder), randomUUID());
  await mkdir(place, { mode: 0o700 });
  const path = join(place, name);
  try {
    const written = await write(path);
    if (!written.ok) {
      await removeStaged(path);
      return written;
    }
    const { mimeType, ending } = await typeOf(path);
    // Messages goes by the ending: without one a picture is shown as a document.
    const named = splitName(name).ending === "" ? `${path}${ending}` : path;
    if (named !== path) await rename(path, named);
    return ok({ path: named, mimeType });
  } catch (error) {
    await removeStaged(path);
    const hint = "Look at the free space, and at the permissions of the state folder.";
    return err(
      new TapbackError("FILE_UNREADABLE", `${name} cannot be kept to be sent`, { hint, cause: error }),
    );
  }
}

async function typeOf(path: string) {
  const handle = await open(path);
  try {
    const head = Buffer.alloc(headBytes);
    const { bytesRead } = await handle.read(head, 0, headBytes, 0);
    return fileTypeOf(head.subarray(0, bytesRead), "");
  } finally {
    await handle.close();
  }
}

function copyError(problem: CopyProblem, path: string, maxMb: number): TapbackError {
  switch (problem) {
    case "too_large":
      return tooLarge(maxMb);
    case "missing":
      return new TapbackError("FILE_MISSING", `there is no file ${path}`);
    case "unreadable":
      return new TapbackError("FILE_UNREADABLE", `${path} cannot be read`);
    case "not_a_file":
      return new TapbackError("FILE_REFUSED", `${path} is no plain file`);
    case "replaced":
      return new TapbackError("FILE_REFUSED", `${path} became a link or another file`);
  }
}

function tooLarge(maxMb: number): TapbackError {
  return new TapbackError("FILE_TOO_LARGE", `the file is larger than the ${maxMb} MB that are allowed`, {
    hint: "Raise channels.imessage.mediaMaxMb.",
  });
}

function plain({ code, message }: TapbackError): { code: ErrorCode; message: string } {
  return { code, message };
}
