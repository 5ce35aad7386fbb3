import { defineConfig } from "vitest/config";
import { SlowestFiles } from "./test/support/slowest-files.js";

/**
 * What lives with programs for minutes, and of which `npm test` has a smaller sample: `npm run test:long`. Services of launchd
 * over their whole lives, versions of imsg between the oldest and the newest, every setup of another system.
 */
export default defineConfig({
  define: { __CRASH_POINTS__: "true", __VERSION__: JSON.stringify("0.0.0-test") },
  test: {
    include: [
      "test/**/*.long.ts",
      // Of these `npm test` tries some cases alone.
      ...["test/e2e/coming-over.test.ts", "test/integration/chat-sdk-homes.test.ts"],
    ],
    env: { TAPBACK_ALL_CASES: "1" },
    reporters: ["default", new SlowestFiles()],
    globalSetup: ["test/build-once.mjs"],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 4,
  },
});
