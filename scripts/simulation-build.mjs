// Builds the simulation of a copy of the repository; takes about three seconds, so it is always done.
import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** @param folder the repository, or a copy of it with `node_modules` in it @returns whether it could be built */
export function buildSimulation(folder) {
  const tsdown = join(folder, "node_modules/tsdown/dist/run.mjs");
  const result = spawnSync(
    process.execPath,
    [tsdown, "-c", "tsdown.simulation.config.ts", "--logLevel", "error"],
    {
      cwd: folder,
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, TAPBACK_BUILD: "test" },
    },
  );
  return result.status === 0;
}
