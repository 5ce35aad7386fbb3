import { defineConfig } from "vitest/config";

/** The packed package on several releases of Node, from the npm registry: `npm run test:package`. */
export default defineConfig({
  define: { __CRASH_POINTS__: "false", __VERSION__: JSON.stringify("0.0.0-test") },
  test: {
    include: ["test/package/**/*.package.ts"],
    globalSetup: ["test/build-once.mjs", "test/build-types.mjs"],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    pool: "forks",
    maxWorkers: 1,
  },
});
