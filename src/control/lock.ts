import { chmodSync, existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import {
  type Database,
  localTime,
  makeFolder,
  messageOf,
  openDatabase,
  TapbackError,
  version,
  writeFileAtomic,
} from "../platform/index.js";

/** What a running gateway says of itself, for commands and for a second gateway. */
export interface GatewayInfo {
  pid: number;
  /** ISO 8601, UTC. */
  startedAt: string;
  version: string;
  /** Path of the control socket; "" where it is a command that has the directory to itself for a moment. */
  socket: string;
  /** The node that it is on a shared state, and the machine that this is said on. */
  node?: string;
  host: string;
}

/** The right to use a state directory. */
export interface Lock {
  info: GatewayInfo;
  /** The node that last had the directory on this machine, and surely is dead; undefined where it ended in order. */
  earlier: string | undefined;
  /** Gives the directory up: another gateway may take it. */
  release(): void;
}

/**
 * Takes the lock of a state directory (behaviour 1.3). It is an exclusive transaction on a small database of its own: the
 * system drops it with the process that holds it, so there is no stale lock after a crash.
 * @param socket as in {@link GatewayInfo}
 * @param startedAt milliseconds since the epoch
 * @param node as in {@link GatewayInfo}
 * @throws `GATEWAY_RUNNING` naming pid and start time of the gateway that holds it; `STATE_UNWRITABLE`; `STATE_EXPOSED`
 *   where others can write into the directory
 */
export function lockState(stateDir: string, socket: string, startedAt: number, node?: string): Lock {
  const info: GatewayInfo = {
    pid: process.pid,
    startedAt: new Date(startedAt).toISOString(),
    version,
    socket,
    ...(node !== undefined && { node }),
    host: hostname(),
  };
  let before: GatewayInfo | undefined;
  let database: Database | undefined;
  try {
    makeFolder(stateDir);
    if (isWritableByOthers(stateDir)) throw exposed(stateDir);
    const path = join(stateDir, "gateway.lock");
    database = openDatabase(path, { busyTimeoutMs: 200 });
    chmodSync(path, 0o600);
    database.exec("PRAGMA journal_mode = DELETE; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
    before = readGatewayInfo(stateDir);
    writeFileAtomic(infoPath(stateDir), `${JSON.stringify(info)}\n`);
  } catch (error) {
    database?.close();
    if (/locked|busy/i.test(messageOf(error))) throw alreadyRunning(stateDir);
    // No directory helps where SQLite itself is missing.
    if (error instanceof TapbackError && ["SQLITE_UNAVAILABLE", "STATE_EXPOSED"].includes(error.code))
      throw error;
    throw new TapbackError(
      "STATE_UNWRITABLE",
      `the state directory ${stateDir} cannot be used: ${messageOf(error)}`,
      {
        hint: "Make it writable for this user, or name another one with TAPBACK_STATE_DIR.",
        cause: error,
      },
    );
  }
  const held = database;
  return {
    info,
    // A copy of the directory on another machine says nothing of who is dead.
    earlier: before?.host === info.host ? before.node : undefined,
    release() {
      rmSync(infoPath(stateDir), { force: true });
      held.close();
    },
  };
}

/** @returns what the gateway of a state directory wrote about itself; it may be dead by now */
export function readGatewayInfo(stateDir: string): GatewayInfo | undefined {
  if (!existsSync(infoPath(stateDir))) return undefined;
  try {
    const info = JSON.parse(readFileSync(infoPath(stateDir), "utf8")) as GatewayInfo;
    return typeof info.socket === "string" && Number.isInteger(info.pid) ? info : undefined;
  } catch {
    return undefined;
  }
}

/** Whether others than its owner can put files into a folder, or take files away that are not theirs. */
export function isWritableByOthers(folder: string): boolean {
  return (statSync(folder).mode & 0o022) !== 0;
}

function exposed(stateDir: string): TapbackError {
  return new TapbackError("STATE_EXPOSED", `others can write into the state directory ${stateDir}`, {
    hint: `Run \`tapback doctor --fix\`, or: chmod 700 ${stateDir}`,
  });
}

function infoPath(stateDir: string): string {
  return join(stateDir, "gateway.json");
}

/** The error that names the gateway of a state directory by what it wrote about itself. */
export function alreadyRunning(stateDir: string): TapbackError {
  const info = readGatewayInfo(stateDir);
  const who = info
    ? `pid ${info.pid}, started ${localTime(Date.parse(info.startedAt))}`
    : "its pid is not known";
  return new TapbackError("GATEWAY_RUNNING", `a gateway already runs on ${stateDir} (${who})`, {
    hint: "Stop it first, or give this one its own state directory with TAPBACK_STATE_DIR.",
  });
}
