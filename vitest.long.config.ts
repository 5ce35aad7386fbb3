import { readdirSync, readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";
import { longTag } from "./test/support/long-tag.js";
import { SlowestFiles } from "./test/support/slowest-files.js";

/** Files of `npm test` that leave tests or cases to this run. */
const withLong = readdirSync("test", { recursive: true, encoding: "utf8" })
  .map((name) => `test/${name}`)
  .filter(
    (path) =>
      path.endsWith(".test.ts") &&
      /tags: \["long"\]|casesOf\(|TAPBACK_ALL_CASES/.test(readFileSync(path, "utf8")),
  );

/**
 * What lives with programs for minutes, and of which `npm test` has a smaller sample: `npm run test:long`. Services of launchd
 * over their whole lives, versions of imsg between the oldest and the newest, every setup of another system.
 */
export default defineConfig({
  define: { __CRASH_POINTS__: "true", __VERSION__: JSON.stringify("0.0.0-test") },
  test: {
    include: ["test/**/*.long.ts", ...withLong],
    tags: [longTag],
    env: { TAPBACK_ALL_CASES: "1" },
    reporters: ["default", new SlowestFiles()],
    globalSetup: ["test/build-once.mjs"],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 4,
  },
});
