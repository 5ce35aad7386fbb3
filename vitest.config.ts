import { configDefaults, defineConfig } from "vitest/config";
import { builtSources } from "./test/support/built-sources.js";
import { longTag } from "./test/support/long-tag.js";
import { LongestFirst } from "./test/support/longest-first.js";
import { SlowestFiles } from "./test/support/slowest-files.js";

// Node reads extra certificates at each start: 50 ms in each of thousands of processes, none of which asks for them.
delete process.env.NODE_EXTRA_CA_CERTS;

/** Programs mostly wait for other programs, so that two cores carry four files of them. */
const maxWorkers = 4;

export default defineConfig({
  // As in the test build, so that the product's waits can be told shorter.
  define: { __CRASH_POINTS__: "true", __VERSION__: JSON.stringify("0.0.0-test") },
  plugins: process.env.TAPBACK_BUILT_SOURCES ? [builtSources()] : [],
  test: {
    server: { deps: { external: [/\/dist-src\//] } },
    reporters: ["default", new SlowestFiles()],
    include: [
      "src/**/*.test.ts",
      "test/{unit,contract,e2e,faults,integration}/**/*.test.ts",
      // The contract runs against a real imsg where one is named.
      ...(process.env.IMSG ? ["test/contract/*.real.ts"] : []),
    ],
    // It puts modules of its own in the place of some of the sources, so no worker that has loaded those can run it; in
    // `npm run test:faults`, of which `accounts-apart.test.ts` is a sample.
    exclude: [...configDefaults.exclude, "test/integration/accounts-apart.property.test.ts"],
    tags: [longTag],
    globalSetup: ["test/build-once.mjs"],
    // Real processes on a shared machine: a slow start is no failure.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "forks",
    // What files share is in the folders that each makes for itself, so a worker loads the sources once.
    isolate: false,
    maxWorkers,
    sequence: { sequencer: LongestFirst },
  },
});
