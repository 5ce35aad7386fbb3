import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { err, ok, type Result, TapbackError } from "../platform/index.js";
import type { AgentTurn } from "./contract.js";
import { readableFiles } from "./envelope-files.js";
import { isBelow, realOf } from "./real-path.js";

/** What an agent may send (behaviour 6.5a). */
export interface MediaRoots {
  /** Relative paths start here; absolute. */
  base: string;
  /** Files below these folders. */
  folders: string[];
  /** These files themselves: attachments of the conversation. */
  files: string[];
}

/** The roots of a turn: the agent's workspace, the turn's temporary folder, and the attachments that came with it. */
export function mediaRoots(
  turn: Pick<AgentTurn, "envelope" | "temporaryFolder">,
  workspace: string,
): MediaRoots {
  return {
    base: workspace,
    folders: turn.temporaryFolder === undefined ? [workspace] : [workspace, turn.temporaryFolder],
    files: readableFiles(turn.envelope).map(({ path }) => path),
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
  if (!(await stat(real)).isFile())
    return err(new TapbackError("FILE_REFUSED", `The agent named something that is not a file: ${path}`));
  return ok(real);
}
