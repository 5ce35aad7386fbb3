import { defineConfig } from "vitest/config";

/** The packed package on several releases of Node, from the npm registry: `npm run test:package`. */
export default defineConfig({
  test: {
    include: ["test/package/**/*.package.ts"],
    globalSetup: ["test/build-once.mjs"],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    pool: "forks",
    maxWorkers: 1,
  },
});
