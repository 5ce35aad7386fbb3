import { readdirSync, readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";

/** Tests beside the source that try more cases here than in `npm test`. */
const properties = readdirSync("src", { recursive: true })
  .map((name) => `src/${name}`)
  .filter((path) => path.endsWith(".test.ts"))
  .filter((path) => /runsOf\(|TAPBACK_ALL_CASES/.test(readFileSync(path, "utf8")));

/**
 * What takes long: `npm run test:faults`. The full crash matrix, whose scenarios mostly wait, so each file plays several at
 * once; the properties with every case, those of units among their tests; and what is smaller or tried less often in `npm test`.
 */
export default defineConfig({
  define: { __CRASH_POINTS__: "false", __VERSION__: JSON.stringify("0.0.0-test") },
  test: {
    include: [
      ...["test/faults/**/*.faults.ts", "test/**/*.property.test.ts", ...properties],
      ...["test/unit/hostile-texts.test.ts", "test/integration/first-owner.test.ts"],
    ],
    env: { TAPBACK_ALL_CASES: "1" },
    globalSetup: ["test/build-once.mjs"],
    testTimeout: 600_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
  },
});
