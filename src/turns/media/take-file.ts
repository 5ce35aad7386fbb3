import { realpath, rm } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { isAttachmentPathAllowed } from "../../access/index.js";
import type { RemoteFiles } from "../../bridge/index.js";
import { copyFile, err, errnoOf, ok, type Result, type TapbackError } from "../../platform/index.js";
import { copyRefusal, type MediaRefusal, missing, outsideRoots, tooLarge } from "./refusal.js";

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
): Promise<Result<void, MediaRefusal>> {
  const maxBytes = source.maxMb * 1024 * 1024;
  if (source.remote) return fetchFile(path, into, source, source.remote, signal);
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

/** The path is judged twice: by its text, so that nothing odd is even asked for, and by where it leads to on the Mac. */
async function fetchFile(
  path: string,
  into: string,
  { roots, maxMb }: FileSource,
  remote: RemoteFiles,
  signal: AbortSignal,
): Promise<Result<void, MediaRefusal>> {
  const outside = outsideRoots("remoteAttachmentRoots");
  if (!isAttachmentPathAllowed(path, roots)) return err(outside);
  const parts = roots.filter(isAskable).map(partsOfRoot);
  // Nothing below the Mac's own root is a link of it.
  const fixed = parts.map(({ fixed }) => fixed).filter((folder) => folder !== "/");
  const located = await remote.locate([path, ...fixed], signal);
  if (!located.ok) return err(notFetched(located.error, maxMb));
  const [real, ...folders] = located.value;
  const realRoots = parts.map(({ fixed, rest }) =>
    joined(fixed === "/" ? fixed : (folders.shift() ?? fixed), rest),
  );
  if (real !== undefined && !isAttachmentPathAllowed(real, realRoots)) return err(outside);
  const fetched = await remote.fetch(
    real ?? path,
    into,
    { maxBytes: maxMb * 1024 * 1024, timeoutMs: fetchMs },
    signal,
  );
  if (!fetched.ok) return err(notFetched(fetched.error, maxMb));
  if (real !== undefined) return fetched;
  // Asked for only to be told why it leads nowhere; a file that came all the same is one that nobody vouches for.
  await rm(into);
  return err(outside);
}

/** Other roots let nothing in: no path with a way up or a control character is ever fetched. */
function isAskable(root: string): boolean {
  return !/[\u0000-\u001f\u007f]/.test(root) && !root.split("/").includes("..");
}

function notFetched({ code, message, hint }: TapbackError, maxMb: number): MediaRefusal {
  if (code === "FILE_TOO_LARGE") return tooLarge(maxMb);
  return {
    code,
    detail: hint === undefined ? message : `${message}. ${hint}`,
    note: "the file could not be fetched",
  };
}

function isAbsent(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR", "ENAMETOOLONG"].includes(errnoOf(error) ?? "");
}

/** The folders of a root up to its first `*` may be links themselves, as /tmp is on a Mac. */
async function resolveRoot(root: string): Promise<string> {
  const { fixed, rest } = partsOfRoot(root);
  return joined(await realpath(fixed).catch(() => fixed), rest);
}

function partsOfRoot(root: string): { fixed: string; rest: string[] } {
  const parts = root.split("/").filter((part) => part !== "" && part !== ".");
  const star = parts.indexOf("*");
  const end = star < 0 ? parts.length : star;
  return { fixed: `/${parts.slice(0, end).join("/")}`, rest: parts.slice(end) };
}

function joined(fixed: string, rest: string[]): string {
  return [fixed === "/" ? "" : fixed, ...rest].join("/") || "/";
}
