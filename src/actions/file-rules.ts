import { realpath, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { type AgentTurn, checkMedia, mediaRoots } from "../agents/index.js";
import { outgoingFolder } from "../outbound/index.js";
import { err, ok, type Result, TapbackError } from "../platform/index.js";
import type { FileRules } from "./files.js";

/** The files that a turn's agent may send: those of its folders, and what came with the turn (behaviour 6.5a). */
export function filesOfTurn(
  turn: Pick<AgentTurn, "envelope" | "temporaryFolder">,
  workspace: string,
  stateDir: string,
  maxMb: number,
): FileRules {
  const roots = mediaRoots(turn, workspace);
  return { check: (path) => checkMedia(path, roots), folder: outgoingFolder(stateDir), maxMb };
}

/** The files that a person at the command line may send: whatever the gateway can read. */
export function filesOfPerson(stateDir: string, maxMb: number): FileRules {
  return { check: readable, folder: outgoingFolder(stateDir), maxMb };
}

/** No file by its path: of a turn that runs on another machine only those that came from there. */
export function filesOfNobody(stateDir: string, maxMb: number): FileRules {
  const check: FileRules["check"] = async (path) =>
    err(new TapbackError("FILE_MISSING", `the file ${path} did not come with the request`));
  return { check, folder: outgoingFolder(stateDir), maxMb };
}

/** imsg takes no path with a symbolic link in it (protocol reference 3.2), hence the real one. */
async function readable(path: string): Promise<Result<string, TapbackError>> {
  try {
    const real = await realpath(resolve(path));
    if ((await stat(real)).isFile()) return ok(real);
  } catch {
    // Told below.
  }
  return err(new TapbackError("FILE_MISSING", `there is no file ${path}`));
}
