import type { RunTool } from "../../bridge/index.js";
import { by, type Finding, fine, warn } from "../check.js";

/** How long a tool of macOS may take, milliseconds. */
const limitMs = 5000;

/**
 * Whether this Mac goes to sleep while nobody uses it, for nothing is answered then (behaviour 1.7), and whether it comes back
 * after a power failure and can be woken over the network.
 * @param keepAwake the running gateway keeps it awake
 */
export async function checkPower(run: RunTool, keepAwake: boolean): Promise<Finding[]> {
  const ran = await run("/usr/bin/pmset", ["-g"], limitMs);
  if (ran.state !== "ended") return [];
  const value = (name: string) => new RegExp(`^\\s*${name}\\s+(\\d+)`, "m").exec(ran.stdout)?.[1];
  const minutes = value("sleep");
  if (minutes === undefined) return [];
  const sleeps = minutes !== "0" && !keepAwake;
  const faults = [
    ...(!sleeps
      ? []
      : [{ what: `sleeps after ${minutes} min, and answers nobody meanwhile`, setting: "sleep 0" }]),
    // Not there on a laptop.
    ...(value("autorestart") === "0"
      ? [{ what: "stays off after a power failure", setting: "autorestart 1" }]
      : []),
    ...(value("womp") === "0" ? [{ what: "is not woken over the network", setting: "womp 1" }] : []),
  ];
  const awake =
    minutes === "0"
      ? "this Mac does not sleep by itself"
      : "this Mac does not sleep while the gateway runs (gateway.keepAwake)";
  if (faults.length === 0) return [by("terminal", fine("power", awake))];
  return [
    by(
      "terminal",
      warn(
        "power",
        `this Mac ${faults.map(({ what }) => what).join("; it ")}`,
        `For a Mac that stands alone: sudo pmset -a ${faults.map(({ setting }) => setting).join(" ")}${sleeps ? "; or set gateway.keepAwake to true against the sleep" : ""}`,
      ),
    ),
  ];
}
