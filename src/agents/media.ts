import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { err, ok, type Result, TapbackError } from "../platform/index.js";
import type { AgentTurn } from "./contract.js";
import { readableFiles } from "./envelope-files.js";
import { maySeeMemory, memoryFile } from "./memory-file.js";
import { isBelow, realOf } from "./real-path.js";

/** What an agent may send (behaviour 6.5a). */
export interface MediaRoots {
  /** Relative paths start here; absolute. */
  base: string;
  /** Files below these folders. */
  folders: string[];
  /** These files themselves: attachments of the conversation. */
  files: string[];
  /** Never these, wherever they lie. */
  hidden: string[];
}

/**
 * The roots of a turn: the agent's workspace without a memory that it may not see (behaviour 6.8), the turn's temporary
 * folder, and the attachments that came with it.
 */
export function mediaRoots(
  turn: Pick<AgentTurn, "envelope" | "temporaryFolder">,
  workspace: string,
): MediaRoots {
  return {
    base: workspace,
    folders: turn.temporaryFolder === undefined ? [workspace] : [workspace, turn.temporaryFolder],
    files: readableFiles(turn.envelope).map(({ path }) => path),
    hidden: maySeeMemory(turn.envelope) ? [] : [join(workspace, memoryFile)],
  };
}

/**
 * Decides whether an agent may send a file. Links are resolved on both sides, so neither `..` nor a link leads out.
 * @returns the file's real path, or FILE_REFUSED (outside, not a plain file) or FILE_MISSING
 */
export async function checkMedia(path: string, roots: MediaRoots): Promise<Result<string, TapbackError>> {
  const real = await realOf(resolve(roots.base, path));
  if (real === undefined)
    return err(new TapbackError("FILE_MISSING", `The agent named a file that does not exist: ${path}`));
  const folders = await Promise.all(roots.folders.map(realOf));
  const files = await Promise.all(roots.files.map(realOf));
  const allowed =
    files.includes(real) || folders.some((folder) => folder !== undefined && isBelow(real, folder));
  if (!allowed)
    return err(
      new TapbackError("FILE_REFUSED", `The agent may not send ${path}`, {
        hint: "Files must lie in the agent's `workspace` or the turn's temporary folder, or have come in this conversation.",
      }),
    );
  const facts = await stat(real);
  for (const path of roots.hidden) {
    // By the file itself: a name has many spellings on a Mac, and a hard link is another name.
    const hidden = await stat(path).catch(() => undefined);
    if (hidden?.ino === facts.ino && hidden.dev === facts.dev)
      return err(
        new TapbackError("FILE_REFUSED", `The agent may not send ${memoryFile} here`, {
          hint: "What it noted for its owners goes to an owner in a direct chat alone.",
        }),
      );
  }
  if (!facts.isFile())
    return err(new TapbackError("FILE_REFUSED", `The agent named something that is not a file: ${path}`));
  return ok(real);
}
