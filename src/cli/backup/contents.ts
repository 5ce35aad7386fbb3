import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { type Config, resolveAgents } from "../../config/index.js";
import { workspaceFolder } from "../../turns/index.js";

/** Names in the archive, and under the state directory; each is put back where it was. */
export const names = {
  state: "state.db",
  configuration: "tapback.json5",
  keys: "env",
  /** How far catch-up came. */
  cursors: "imessage/catchup",
  /** Copies of files that wait to be sent. */
  outgoing: "outgoing",
  /** What agents know for good, by agent. */
  memory: "memory",
};

/** Files of a workspace that an agent is told with, or noted for good in (behaviour 6.8). */
const memoryFiles = ["AGENTS.md", "SOUL.md", "MEMORY.md"];

/** @returns the plain files of a folder and of those in it, relative to it; none where there is no such folder */
export function filesUnder(root: string): string[] {
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, withFileTypes: true, encoding: "utf8" })
    .filter((found) => found.isFile())
    .map(({ parentPath, name }) => relative(root, join(parentPath, name)));
}

/** Where the memory of an agent lies, and what it is called in the archive. */
export interface MemoryPlace {
  name: string;
  path: string;
}

/**
 * Where the memory in an unpacked archive lies by default: nobody knows the workspaces of a configuration that is invalid.
 * @param folder of the archive
 */
export function memoryByDefault(folder: string, stateDir: string, home: string): MemoryPlace[] {
  return filesUnder(join(folder, names.memory)).map((name) => ({
    name: `${names.memory}/${name}`,
    path: join(workspaceFolder({ id: dirname(name) }, stateDir, home), basename(name)),
  }));
}

/** @returns the places of the agents' memory files, there or not */
export function memoryPlaces(config: Config, stateDir: string, home: string): MemoryPlace[] {
  return resolveAgents(config).flatMap((agent) =>
    memoryFiles.map((file) => ({
      name: `${names.memory}/${agent.id}/${file}`,
      path: join(workspaceFolder(agent, stateDir, home), file),
    })),
  );
}
