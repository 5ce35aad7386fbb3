import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Finding, fine, warn } from "./check.js";

const run = promisify(execFile);

/** Whether this Mac goes to sleep while nobody uses it: then nothing is answered (behaviour 1.7). */
export async function checkPower(
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
  keepAwake: boolean,
): Promise<Finding[]> {
  if (platform !== "darwin") return [];
  try {
    const { stdout } = await run("pmset", ["-g"], { env, timeout: 5000 });
    const minutes = /^\s*sleep\s+(\d+)/m.exec(stdout)?.[1];
    if (minutes === undefined) return [];
    if (minutes === "0") return [fine("power", "this Mac does not sleep by itself")];
    const when = `this Mac sleeps when nobody used it for ${minutes === "1" ? "1 minute" : `${minutes} minutes`}`;
    return keepAwake
      ? [fine("power", `${when}, but not while the gateway runs (gateway.keepAwake)`)]
      : [
          warn(
            "power",
            `${when}; nothing is answered meanwhile`,
            "Set gateway.keepAwake to true, or System Settings > Energy: prevent automatic sleeping.",
          ),
        ];
  } catch {
    return [];
  }
}
