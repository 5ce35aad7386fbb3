import { copyFileSync, fstatSync, ftruncateSync, renameSync, statSync } from "node:fs";
import { errnoOf } from "../errors.js";
import type { LogOutput } from "./log-outputs.js";

/** A log that a service manager opened for this process, to append to it. */
export interface RotatedLog {
  path: string;
  /** The descriptor that it is open under here. */
  fd: number;
  /** Size from which a log is put aside, bytes. */
  mostBytes: number;
  /** How many older ones are kept: `PATH.1` is the newest. */
  kept: number;
}

/** Characters after which the size is looked at again. */
const lookEvery = 65_536;

/**
 * Keeps a log small that cannot be opened anew, because the service manager holds it open: it is copied aside, then emptied
 * (behaviour 1.6a). Where that fails, for example on a full disk, the log goes on and it is tried again later.
 */
export function rotatedOutput(output: LogOutput, log: RotatedLog): LogOutput {
  let written = lookEvery;
  return {
    write: (line) => {
      output.write(line);
      written += line.length;
      if (written < lookEvery) return;
      written = 0;
      try {
        rotate(log);
      } catch {
        // Lines matter more than their number.
      }
    },
  };
}

function rotate({ path, fd, mostBytes, kept }: RotatedLog): void {
  const open = fstatSync(fd);
  const named = statSync(path);
  // Somebody else's file must not be emptied.
  if (!open.isFile() || open.ino !== named.ino || open.dev !== named.dev || open.size < mostBytes) return;
  copyFileSync(path, `${path}.new`);
  for (let number = kept - 1; number >= 1; number -= 1) move(`${path}.${number}`, `${path}.${number + 1}`);
  renameSync(`${path}.new`, `${path}.1`);
  ftruncateSync(fd, 0);
}

function move(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw error;
  }
}
