import { channel } from "node:diagnostics_channel";

declare const __CRASH_POINTS__: boolean;

/** Where each point is told as it is passed: a process that plays its own death listens there. */
const passing = channel("tapback.crash-point");

/**
 * A named instant at which a test kills this process with SIGKILL, to prove that nothing depends on what follows.
 * Release builds have the call compiled out. `TAPBACK_CRASH_AT=name:n` dies when the point is passed for the n-th time.
 * @param name the point, e.g. `outbox.taken`
 */
export function crashPoint(name: string): void {
  if (!__CRASH_POINTS__) return;
  passing.publish(name);
  const wanted = process.env.TAPBACK_CRASH_AT;
  if (wanted === undefined) return;
  const [point, nth = "1"] = wanted.split(":");
  if (point !== name) return;
  const passed = Number(process.env.TAPBACK_CRASH_PASSED ?? "0") + 1;
  process.env.TAPBACK_CRASH_PASSED = String(passed);
  if (passed >= Number(nth)) process.kill(process.pid, "SIGKILL");
}
