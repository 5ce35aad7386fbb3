import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import JSON5 from "json5";
import { err, messageOf, ok, type Result, TapbackError } from "../../platform/index.js";
import { normalizeId } from "../ids.js";
import { expandHome, type Surroundings } from "../location.js";
import type { ApprovedSender } from "./access.js";
import { type Dialect, isTree, type Tree, treeOf } from "./report.js";

/** The other system's configuration file and the folder of its state. */
export interface Source {
  dialect: Dialect;
  file: string;
  stateDir: string;
  old: Tree;
}

/** Where catch-up stood when the other gateway ran last (behaviour 9.4). */
export interface ImportedCursor {
  account: string;
  lastSeenMs: number;
  lastSeenRowid: number;
  updatedAt: number;
  failureRetries: Record<string, number>;
}

const systems = ["openclaw", "remoteclaw", "clawdbot"] as const;

/**
 * Finds and reads the other system's configuration.
 * @param dialect undefined takes the first that is there, in the order OpenClaw, RemoteClaw, Clawdbot
 * @param file undefined looks in `~/.openclaw` and its siblings, or where `OPENCLAW_CONFIG_PATH`, `OPENCLAW_STATE_DIR` and theirs say
 * @returns the source, or an error `IMPORT_NOT_FOUND`, `IMPORT_UNREADABLE`
 */
export function findSource(
  dialect: Dialect | undefined,
  file: string | undefined,
  surroundings: Surroundings,
): Result<Source, TapbackError> {
  if (file !== undefined) {
    const path = resolve(expandHome(file, surroundings.home));
    const read = readTree(path);
    if (!read.ok) return read;
    return ok({
      dialect: dialect ?? guess(read.value),
      file: path,
      stateDir: dirname(path),
      old: read.value,
    });
  }
  const tried: string[] = [];
  for (const system of systems) {
    if (dialect !== undefined && dialect !== "bluebubbles" && dialect !== system) continue;
    const { path, stateDir } = placeOf(system, surroundings);
    tried.push(path);
    if (!existsSync(path)) continue;
    const read = readTree(path);
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

function readTree(path: string): Result<Tree, TapbackError> {
  try {
    const value: unknown = JSON5.parse(readFileSync(path, "utf8"));
    if (isTree(value)) return ok(value);
    return err(new TapbackError("IMPORT_UNREADABLE", `${path} holds no object`));
  } catch (error) {
    return err(
      new TapbackError("IMPORT_UNREADABLE", `${path} cannot be read: ${messageOf(error)}`, { cause: error }),
    );
  }
}

/**
 * Reads the senders that were approved by pairing. The default account's are in `imessage-allowFrom.json`, those of
 * others in `imessage-<account>-allowFrom.json`. What cannot be read is passed over.
 * @param defaultAccount to which the file without an account belongs
 */
export function readApproved(source: Source, defaultAccount: string): ApprovedSender[] {
  const channel = source.dialect === "bluebubbles" ? "bluebubbles" : "imessage";
  const folder = join(source.stateDir, "credentials");
  return filesIn(folder).flatMap((name) => {
    const match = new RegExp(`^${channel}(?:-(.+))?-allowFrom\\.json$`).exec(name);
    if (match === null) return [];
    const account = match[1] === undefined ? defaultAccount : normalizeId(match[1]);
    const handles = handlesOf(readLeniently(join(folder, name)));
    // Everyone is let in by configuration only.
    return handles.filter((handle) => handle !== "*").map((handle) => ({ account, handle }));
  });
}

/** The file is a list, or an object with the list in it, or an object keyed by handle, depending on the version. */
function handlesOf(value: unknown): string[] {
  const list = Array.isArray(value)
    ? value
    : Array.isArray(treeOf(value).allowFrom)
      ? (treeOf(value).allowFrom as unknown[])
      : Object.keys(treeOf(value)).filter((key) => /^\+|@/.test(key));
  const handles = list.flatMap((entry) => {
    const handle = isTree(entry) ? (entry.id ?? entry.handle) : entry;
    return typeof handle === "string" || typeof handle === "number" ? [String(handle).trim()] : [];
  });
  return [...new Set(handles.filter((handle) => handle !== "" && handle !== "+"))];
}

/** Reads the catch-up cursors of all accounts; files of another shape are passed over. */
export function readCursors(source: Source): ImportedCursor[] {
  const folder = join(source.stateDir, "imessage", "catchup");
  return filesIn(folder).flatMap((name) => {
    const account = /^(.+)__[^_]+\.json$/.exec(name)?.[1];
    const { lastSeenMs, lastSeenRowid, updatedAt, failureRetries } = treeOf(
      readLeniently(join(folder, name)),
    );
    if (account === undefined || typeof lastSeenMs !== "number" || typeof lastSeenRowid !== "number")
      return [];
    const retries = Object.entries(treeOf(failureRetries)).filter(([, count]) => typeof count === "number");
    return [
      {
        account: normalizeId(account),
        lastSeenMs,
        lastSeenRowid,
        updatedAt: typeof updatedAt === "number" ? updatedAt : lastSeenMs,
        failureRetries: Object.fromEntries(retries) as Record<string, number>,
      },
    ];
  });
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function readLeniently(path: string): unknown {
  try {
    return JSON5.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}
