import { defineConfig } from "vitest/config";

/** Agents of other people, through the whole gateway: `npm run test:real-agents`. */
export default defineConfig({
  define: { __CRASH_POINTS__: "false", __VERSION__: JSON.stringify("0.0.0-test") },
  test: {
    include: ["test/real-agents/**/*.real.ts"],
    globalSetup: ["test/build-once.mjs"],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 1,
  },
});
