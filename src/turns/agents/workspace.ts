import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expandHome } from "../../config/index.js";

/** @returns the folder in which an agent works and from which it may send files, absolute */
export function workspaceFolder(
  { id, workspace }: { id: string; workspace?: string },
  stateDir: string,
  home: string,
): string {
  return workspace ? expandHome(workspace, home) : join(stateDir, "workspaces", id);
}

/** @returns the folder of {@link workspaceFolder}, made where it was missing */
export function madeWorkspace(
  agent: { id: string; workspace?: string },
  stateDir: string,
  home: string,
): string {
  const folder = workspaceFolder(agent, stateDir, home);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}
