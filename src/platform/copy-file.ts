import { constants } from "node:fs";
import { type FileHandle, lstat, open, readlink, rm } from "node:fs/promises";
import { errnoOf } from "./errors.js";

/** Why a file was not copied. */
export type CopyProblem = "missing" | "unreadable" | "not_a_file" | "replaced" | "too_large";

/** macOS 11 and later: opening fails where any part of the path is a link (`O_NOFOLLOW_ANY` of its fcntl.h). */
const noLinkAnywhere = 0x2000_0000;
const pieceBytes = 1024 * 1024;

/**
 * Copies a plain file that was judged by its real path, through one descriptor: whatever takes the file's place between
 * the judgement and the copy is not read, and a pipe does not hold it up.
 * @param real absolute, with every link resolved
 * @param into absolute; does not exist yet; made 0600
 */
export async function copyFile(
  real: string,
  into: string,
  maxBytes: number,
): Promise<{ ok: true; bytes: number } | { ok: false; problem: CopyProblem }> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const noLink = process.platform === "darwin" ? noLinkAnywhere : O_NOFOLLOW;
  let from: FileHandle;
  try {
    from = await open(real, O_RDONLY | O_NONBLOCK | noLink);
  } catch (error) {
    return { ok: false, problem: openProblem(errnoOf(error)) };
  }
  try {
    const facts = await from.stat({ bigint: true });
    if (!facts.isFile()) return { ok: false, problem: "not_a_file" };
    if (!(await isStill(from, real, facts))) return { ok: false, problem: "replaced" };
    if (facts.size > BigInt(Math.floor(maxBytes))) return { ok: false, problem: "too_large" };
    const bytes = await copyBytes(from, into, maxBytes);
    return bytes === undefined ? { ok: false, problem: "too_large" } : { ok: true, bytes };
  } finally {
    await from.close();
  }
}

function openProblem(errno: string | undefined): CopyProblem {
  if (errno === "ENOENT" || errno === "ENOTDIR") return "missing";
  if (errno === "ELOOP") return "replaced";
  return errno === "ENXIO" || errno === "EISDIR" ? "not_a_file" : "unreadable";
}

/** Whether the descriptor is the file of that path: a folder on the way may have become a link just before it was opened. */
async function isStill(
  handle: FileHandle,
  real: string,
  { dev, ino }: { dev: bigint; ino: bigint },
): Promise<boolean> {
  // On macOS `O_NOFOLLOW_ANY` has proved it already.
  if (process.platform === "darwin") return true;
  if (process.platform === "linux") return (await readlink(`/proc/self/fd/${handle.fd}`)) === real;
  const now = await lstat(real, { bigint: true }).catch(() => undefined);
  return now?.dev === dev && now.ino === ino;
}

/** A file may grow while it is read. @returns how many bytes; undefined when there are more than allowed */
async function copyBytes(from: FileHandle, into: string, maxBytes: number): Promise<number | undefined> {
  const to = await open(into, "wx", 0o600);
  let total = 0;
  try {
    const piece = Buffer.allocUnsafe(pieceBytes);
    for (;;) {
      const { bytesRead } = await from.read(piece, 0, pieceBytes, total);
      if (bytesRead === 0) return total;
      total += bytesRead;
      if (total > maxBytes) break;
      await to.writeFile(piece.subarray(0, bytesRead));
    }
  } finally {
    await to.close();
  }
  await rm(into, { force: true });
  return undefined;
}
