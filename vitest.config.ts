import { defineConfig } from "vitest/config";

export default defineConfig({
  define: { __CRASH_POINTS__: "false", __VERSION__: JSON.stringify("0.0.0-test") },
  test: {
    // The contract runs against a real imsg where one is named.
    include: [
      "src/**/*.test.ts",
      "test/**/*.test.ts",
      ...(process.env.IMSG ? ["test/contract/*.real.ts"] : []),
    ],
    globalSetup: ["test/build-once.ts"],
    // Real processes on a shared machine: a slow start is no failure.
    testTimeout: 60_000,
    retry: process.env.CI ? 1 : 0,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
  },
});
