import { closeSync, mkdirSync, openSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { errnoOf } from "../../platform/index.js";

/** A holder that was killed leaves its lock behind; the work under a lock takes milliseconds. */
const staleAfterMs = 3000;

/** Runs `work` while no other process of this world runs work under the same lock. Blocks; for small files only. */
export function withLock<T>(path: string, work: () => T): T {
  acquire(path);
  try {
    return work();
  } finally {
    rmSync(path, { force: true });
  }
}

function acquire(path: string): void {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    try {
      closeSync(openSync(path, "wx"));
      return;
    } catch (error) {
      if (errnoOf(error) === "ENOENT") mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      else if (errnoOf(error) !== "EEXIST") throw error;
      else if (age(path) > staleAfterMs) rmSync(path, { force: true });
      else Atomics.wait(pause, 0, 0, 2);
    }
  }
}

function age(path: string): number {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}
