import { spawnSync } from "node:child_process";
import { until as untilHolds } from "../faults/harness/wait.js";

/** @returns whether a process runs; a zombie that nobody has reaped yet does not */
export function isAlive(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  const state = stdout.trim();
  return state !== "" && !state.startsWith("Z");
}

/** Waits until a process is gone; one that stays is killed, so that a test leaves nothing behind. */
export async function gone(pid: number): Promise<void> {
  await until(`process ${pid} ends`, () => !isAlive(pid)).catch(() => process.kill(pid, "SIGKILL"));
}

/** Waits until a condition holds. @throws after 25 seconds, with what was waited for */
export function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  return untilHolds(holds, () => what, 25_000);
}
