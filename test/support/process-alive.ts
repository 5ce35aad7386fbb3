import { spawnSync } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";

/** @returns whether a process runs; a zombie that nobody has reaped yet does not */
export function isAlive(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  const state = stdout.trim();
  return state !== "" && !state.startsWith("Z");
}

/** Waits until a condition holds; fails after ten seconds. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (await holds()) return;
    await wait(20);
  }
  throw new Error(`waited in vain: ${what}`);
}
