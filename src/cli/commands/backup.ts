import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { configPath, loadConfig } from "../../config/index.js";
import { askGateway } from "../../control/index.js";
import { TapbackError, version } from "../../platform/index.js";
import { copyState, copyStateToFile, hasState } from "../../store/index.js";
import { filesUnder, memoryPlaces, names } from "../backup/contents.js";
import { keepFiles } from "../backup/keep.js";
import { type Manifest, manifestName } from "../backup/manifest.js";
import type { PackedFile } from "../backup/tar.js";
import { leftMs, writeArchive } from "../backup/write-archive.js";
import type { Context } from "../context.js";
import { printJson, printLine } from "../output.js";
import { statePath, statePlace } from "../state.js";
import { isWorkFolder, workFolders } from "../state-files.js";

export interface BackupOptions {
  withKeys?: boolean;
  force?: boolean;
}

/**
 * `tapback backup FILE`: one file with all that a gateway goes on from, also while it runs (behaviour 1.8).
 * @throws `NO_STATE`, `BACKUP_EXISTS`, `BACKUP_UNWRITABLE`, `STORE_UNAVAILABLE`, `STORE_DAMAGED`
 */
export async function backup(context: Context, file: string, options: BackupOptions): Promise<undefined> {
  const target = resolve(file);
  const { stateDir } = context;
  if (existsSync(target) && !options.force)
    throw new TapbackError("BACKUP_EXISTS", `${target} is there already`);
  const place = await statePlace(context);
  if (!(await hasState(place))) throw new TapbackError("NO_STATE", `there is no state in ${stateDir} yet`);
  removeLeft(stateDir);
  const folder = mkdtempSync(join(stateDir, workFolders.backup));
  try {
    const running = await isRunning(stateDir);
    const takenAt = Date.now();
    const copy = join(folder, names.state);
    if (place.url === undefined) copyState(statePath(context), copy);
    else await copyStateToFile(place.url, copy, waitingFiles(folder, stateDir));
    const kept = (name: string) => keepFiles(join(stateDir, name), join(folder, name));
    kept(names.outgoing);
    const outgoing = filesUnder(join(folder, names.outgoing));
    const cursors = kept(names.cursors);
    const withEnv = options.withKeys === true && existsSync(join(stateDir, names.keys));
    const manifest: Manifest = {
      ...{ backup: 1, tapback: version, takenAt, running, withEnv, outgoing },
      stateDir: realpathSync(stateDir),
    };
    const memory = await memoryOf(context);
    const files: PackedFile[] = [
      { name: manifestName, from: { text: `${JSON.stringify(manifest, null, 2)}\n` } },
      { name: names.state, from: { path: copy } },
      ...here(names.configuration, configPath(context, context.configOption)),
      ...(withEnv ? here(names.keys, join(stateDir, names.keys)) : []),
      ...cursors.map((name) => ({
        name: `${names.cursors}/${name}`,
        from: { path: join(folder, names.cursors, name) },
      })),
      ...outgoing.map((name, place) => ({
        name: `${names.outgoing}/${place}`,
        from: { path: join(folder, names.outgoing, name) },
      })),
      ...memory,
    ];
    await writeArchive(target, files);
    tell(context, { path: target, running, keys: withEnv, memory: memory.length });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Files of a state on a server are in its tables: they go where those of the state directory are put. */
function waitingFiles(folder: string, stateDir: string) {
  return { into: join(folder, names.outgoing), named: join(realpathSync(stateDir), names.outgoing) };
}

function removeLeft(stateDir: string): void {
  for (const entry of readdirSync(stateDir, { withFileTypes: true })) {
    const path = join(stateDir, entry.name);
    if (!entry.isDirectory() || !isWorkFolder(entry.name)) continue;
    if (Date.now() - statSync(path).mtimeMs > leftMs) rmSync(path, { recursive: true, force: true });
  }
}

async function isRunning(stateDir: string): Promise<boolean> {
  try {
    return (await askGateway(stateDir, "status", {})) !== undefined;
  } catch {
    // It is there and does not answer.
    return true;
  }
}

/** The files of the agents' memory that are there; none where the configuration is invalid. */
async function memoryOf({ env, home, configOption, stateDir }: Context): Promise<PackedFile[]> {
  const loaded = await loadConfig({ env, home, path: configOption });
  if (!loaded.ok) return [];
  return memoryPlaces(loaded.value.config, stateDir, home).flatMap(({ name, path }) => here(name, path));
}

function here(name: string, path: string): PackedFile[] {
  return existsSync(path) && statSync(path).isFile() ? [{ name, from: { path } }] : [];
}

function tell(
  { json, stateDir }: Context,
  { path, running, keys, memory }: { path: string; running: boolean; keys: boolean; memory: number },
): void {
  if (json) {
    printJson({ path, running, keys, memory });
    return;
  }
  printLine(`Wrote ${path}: the state, the configuration, and ${memory} files of the agents' memory.`);
  if (!keys && existsSync(join(stateDir, names.keys)))
    printLine(`The keys in ${join(stateDir, names.keys)} are not in it; --with-keys takes them along.`);
  printLine(
    "It holds what people wrote: keep it where nobody else reads. Other files of workspaces, and sessions of coding agents, are not in it.",
  );
  if (running)
    printLine(
      "The gateway goes on: what it answers from now on is not in it. `tapback restore` finds that in Messages.",
    );
}
