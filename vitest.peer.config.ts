import { defineConfig } from "vitest/config";

/** Another gateway on the simulator: `npm run test:peer`. */
export default defineConfig({
  define: { __CRASH_POINTS__: "false", __VERSION__: JSON.stringify("0.0.0-test") },
  test: {
    include: ["test/peer/**/*.real.ts"],
    globalSetup: ["test/build-once.mjs"],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    pool: "forks",
    maxWorkers: 1,
  },
});
