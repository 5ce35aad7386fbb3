import { defineConfig } from "vitest/config";

/** Readers of Apple's database that other people wrote: `npm run test:readers`. */
export default defineConfig({
  define: { __CRASH_POINTS__: "false", __VERSION__: JSON.stringify("0.0.0-test") },
  test: {
    include: ["test/readers/**/*.real.ts"],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 1,
  },
});
