import { readFileSync } from "node:fs";
import { unreadable } from "./tar.js";

/** What a backup says of itself; its first file. */
export interface Manifest {
  /** Version of this form. */
  backup: 1;
  /** Of the program that made it. */
  tapback: string;
  /** Milliseconds since the epoch by the clock of the machine that made it. */
  takenAt: number;
  /** The state directory there, without a link in it. */
  stateDir: string;
  /** Whether a gateway ran. */
  running: boolean;
  /** Whether the keys of `<state>/env` are in it. */
  withEnv: boolean;
  /** Copies of files that wait to be sent, relative to their folder; the archive has them by their place here. */
  outgoing: string[];
}

export const manifestName = "backup.json";

/** @throws TapbackError `BACKUP_UNREADABLE`, also for a form that only a newer version knows */
export function readManifest(path: string): Manifest {
  let value: Partial<Manifest> | null;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    throw unreadable(`it has no ${manifestName}`);
  }
  const { backup, takenAt, stateDir, outgoing } = value ?? {};
  if (typeof backup === "number" && backup > 1)
    throw unreadable(`tapback ${value?.tapback} made it, in a form that this version does not know`);
  if (backup !== 1 || !Number.isFinite(takenAt) || typeof stateDir !== "string" || !areNames(outgoing))
    throw unreadable(`its ${manifestName} is not what tapback writes`);
  return value as Manifest;
}

/** Whether these are paths that stay in the folder that they are joined to. */
function areNames(paths: unknown): boolean {
  return (
    Array.isArray(paths) &&
    paths.every(
      (path) => typeof path === "string" && !path.split("/").some((part) => ["", ".", ".."].includes(part)),
    )
  );
}
