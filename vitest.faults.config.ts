import { defineConfig } from "vitest/config";

/**
 * What takes long: `npm run test:faults`. The full crash matrix, whose scenarios mostly wait, so each file plays several at
 * once; and the properties with every case, those of units among their tests.
 */
export default defineConfig({
  define: { __CRASH_POINTS__: "false", __VERSION__: JSON.stringify("0.0.0-test") },
  test: {
    include: ["test/faults/**/*.faults.ts", "test/**/*.property.test.ts", "src/**/*.test.ts"],
    env: { TAPBACK_ALL_CASES: "1" },
    globalSetup: ["test/build-once.mjs"],
    testTimeout: 600_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
  },
});
