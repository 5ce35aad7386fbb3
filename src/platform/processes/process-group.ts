import type { ChildProcess } from "node:child_process";

/**
 * Signals a child and everything it started. The child must have been spawned `detached`, which makes it the leader of
 * its own group: a wrapper script without `exec` would otherwise leave ssh behind.
 */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The whole group is gone already.
  }
}
