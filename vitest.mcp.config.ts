import { defineConfig } from "vitest/config";

/** MCP as others have it: `npm run test:mcp`. */
export default defineConfig({
  define: { __CRASH_POINTS__: "false", __VERSION__: JSON.stringify("0.0.0-test") },
  test: {
    include: ["test/mcp/**/*.real.ts"],
    globalSetup: ["test/build-once.mjs"],
    testTimeout: 300_000,
    hookTimeout: 120_000,
    pool: "forks",
    maxWorkers: 1,
  },
});
