import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import JSON5 from "json5";
import { isTree, type Tree, treeOf } from "../../config/fitting/index.js";
import { type ConfigPath, expandHome, formatPath, type Surroundings } from "../../config/index.js";
import { err, messageOf, ok, type Result, TapbackError } from "../../platform/index.js";
import type { Dialect } from "../dialects.js";

/** The other system's configuration file and the folder of its state. */
export interface Source {
  dialect: Dialect;
  file: string;
  stateDir: string;
  old: Tree;
}

const systems = ["openclaw", "remoteclaw", "clawdbot"] as const;

/**
 * Finds and reads the other system's configuration.
 * @param dialect undefined takes the first that is there, in the order OpenClaw, RemoteClaw, Clawdbot
 * @param file its state is where `OPENCLAW_STATE_DIR` or its like says, else beside it, else in the usual place; undefined looks in `~/.openclaw` and its siblings, or where `OPENCLAW_CONFIG_PATH`, `OPENCLAW_STATE_DIR` and theirs say
 * @returns the source, or an error `IMPORT_NOT_FOUND`, `IMPORT_UNREADABLE`
 */
export function findSource(
  dialect: Dialect | undefined,
  file: string | undefined,
  surroundings: Surroundings,
): Result<Source, TapbackError> {
  if (file !== undefined) {
    const path = resolve(expandHome(file, surroundings.home));
    const read = readTree(path, dialect ?? "openclaw");
    if (!read.ok) return read;
    const named = dialect ?? guess(read.value);
    return ok({
      dialect: named,
      file: path,
      stateDir: stateBeside(path, named, surroundings),
      old: read.value,
    });
  }
  const tried: string[] = [];
  for (const system of systems) {
    if (dialect !== undefined && dialect !== "bluebubbles" && dialect !== system) continue;
    const { path, stateDir } = placeOf(system, surroundings);
    tried.push(path);
    if (!existsSync(path)) continue;
    const read = readTree(path, dialect ?? system);
    if (!read.ok) return read;
    if (dialect === "bluebubbles" && !isTree(treeOf(read.value.channels).bluebubbles)) continue;
    return ok({ dialect: dialect ?? system, file: path, stateDir, old: read.value });
  }
  return err(
    new TapbackError(
      "IMPORT_NOT_FOUND",
      `there is no configuration to import: looked for ${tried.join(", ")}`,
      {
        hint: "Name the file: tapback import openclaw FILE",
      },
    ),
  );
}

/** Folders of which one is there where a gateway had state for us. */
const parts = ["credentials", "state", "imessage"];

/** Whether a folder holds what an import takes over beside the configuration. */
export function holdsState(folder: string): boolean {
  return parts.some((part) => existsSync(join(folder, part)));
}

/**
 * The state of a file that was named: a copy stands elsewhere than the state of the system that used it.
 * @returns where its variable says, else beside the file, else in the usual place, as far as there is some; beside the file where there is none
 */
function stateBeside(path: string, dialect: Dialect, { env, home }: Surroundings): string {
  const own = dialect === "bluebubbles" ? systems : [dialect];
  const said = own.find((system) => env[`${system.toUpperCase()}_STATE_DIR`]);
  if (said !== undefined) return placeOf(said, { env, home }).stateDir;
  const usual = own.map((system) => placeOf(system, { env, home }).stateDir);
  return [dirname(path), ...usual].find(holdsState) ?? dirname(path);
}

function placeOf(
  system: (typeof systems)[number],
  { env, home }: Surroundings,
): { path: string; stateDir: string } {
  const prefix = system.toUpperCase();
  const at = (wanted: string) => resolve(expandHome(wanted, home));
  const stateDir = at(env[`${prefix}_STATE_DIR`] || `~/.${system}`);
  const wanted = env[`${prefix}_CONFIG_PATH`];
  return { path: wanted ? at(wanted) : join(stateDir, `${system}.json`), stateDir };
}

function guess(old: Tree): Dialect {
  const channels = treeOf(old.channels);
  if (isTree(old.imessage) || isTree(old.routing)) return "clawdbot";
  return isTree(channels.bluebubbles) && !isTree(channels.imessage) ? "bluebubbles" : "openclaw";
}

/** @param dialect in which the file is read, for the remedy */
function readTree(path: string, dialect: Dialect): Result<Tree, TapbackError> {
  try {
    const value: unknown = JSON5.parse(readFileSync(path, "utf8"));
    if (!isTree(value)) return err(new TapbackError("IMPORT_UNREADABLE", `${path} holds no object`));
    const place = inclusionIn(value);
    if (place === undefined) return ok(value);
    // What stands elsewhere may be who is let in: asked without it, the rules there would be another configuration's.
    return err(
      new TapbackError("IMPORT_UNREADABLE", `${path} takes in other files (${formatPath(place)})`, {
        hint: `Put everything into one file, and name it: tapback import ${dialect} FILE`,
      }),
    );
  } catch (error) {
    return err(
      new TapbackError("IMPORT_UNREADABLE", `${path} cannot be read: ${messageOf(error)}`, { cause: error }),
    );
  }
}

/** @returns where a configuration takes in another file, the first such place */
function inclusionIn(value: unknown, path: ConfigPath = []): ConfigPath | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (Object.hasOwn(value, "$include")) return [...path, "$include"];
  const isList = Array.isArray(value);
  for (const [key, inner] of Object.entries(value)) {
    const found = inclusionIn(inner, [...path, isList ? Number(key) : key]);
    if (found !== undefined) return found;
  }
  return undefined;
}
