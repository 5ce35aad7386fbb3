import { defineConfig } from "vitest/config";

/** Another system's own rules beside the import: `npm run test:peer-rules`. */
export default defineConfig({
  define: { __CRASH_POINTS__: "false", __VERSION__: JSON.stringify("0.0.0-test") },
  test: {
    include: ["test/peer-rules/**/*.peer.ts"],
    testTimeout: 1_800_000,
    hookTimeout: 60_000,
    pool: "forks",
  },
});
