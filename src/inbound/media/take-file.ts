import { realpath } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { isAttachmentPathAllowed } from "../../access/index.js";
import type { RemoteFiles } from "../../bridge/index.js";
import { copyFile, err, errnoOf, ok, type Result } from "../../platform/index.js";
import { copyRefusal, missing, outsideRoots, type Refusal, tooLarge } from "./refusal.js";

/** A copy over the network may take so long, milliseconds. */
const fetchMs = 60_000;

/** Where an account's files come from, and how large they may be. */
export interface FileSource {
  /** Patterns of the folders on the machine that runs Messages. */
  roots: readonly string[];
  maxMb: number;
  /** Given when that machine is another one. */
  remote?: RemoteFiles;
}

/**
 * Copies a file of Messages to a private path, if it may be read (behaviour 7.2, 7.3).
 * @param into absolute; does not exist yet
 * @returns how many bytes, or why not
 */
export async function takeFile(
  path: string,
  into: string,
  source: FileSource,
  signal: AbortSignal,
): Promise<Result<void, Refusal>> {
  const maxBytes = source.maxMb * 1024 * 1024;
  if (source.remote) {
    if (!isAttachmentPathAllowed(path, source.roots)) return err(outsideRoots("remoteAttachmentRoots"));
    const fetched = await source.remote.fetch(path, into, { maxBytes, timeoutMs: fetchMs }, signal);
    if (fetched.ok) return fetched;
    const { code, message } = fetched.error;
    if (code === "FILE_TOO_LARGE") return err(tooLarge(source.maxMb));
    return err({ code, detail: message, note: "the file could not be fetched" });
  }
  if (!isAbsolute(path) || path.includes("\0")) return err(outsideRoots("attachmentRoots"));
  let real: string;
  try {
    real = await realpath(path);
  } catch (error) {
    return err(isAbsent(error) ? missing : copyRefusal("unreadable", source.maxMb));
  }
  const roots = await Promise.all(source.roots.map(resolveRoot));
  if (!isAttachmentPathAllowed(real, roots)) return err(outsideRoots("attachmentRoots"));
  const copied = await copyFile(real, into, maxBytes);
  return copied.ok ? ok(undefined) : err(copyRefusal(copied.problem, source.maxMb));
}

function isAbsent(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR", "ENAMETOOLONG"].includes(errnoOf(error) ?? "");
}

/** The folders of a root up to its first `*` may be links themselves, as /tmp is on a Mac. */
async function resolveRoot(root: string): Promise<string> {
  const parts = root.split("/");
  const star = parts.indexOf("*");
  const fixed = parts.slice(0, star < 0 ? parts.length : star).join("/") || "/";
  const real = await realpath(fixed).catch(() => fixed);
  return star < 0 ? real : [real, ...parts.slice(star)].join("/");
}
