import { defineConfig } from "vitest/config";

/** The full crash matrix: `npm run test:faults`. Scenarios mostly wait, so each file plays several at once. */
export default defineConfig({
  define: { __CRASH_POINTS__: "false", __VERSION__: JSON.stringify("0.0.0-test") },
  test: {
    include: ["test/faults/**/*.faults.ts"],
    globalSetup: ["test/build-once.ts"],
    testTimeout: 600_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
  },
});
