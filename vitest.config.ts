import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/support/longest-first.js";
import { SlowestFiles } from "./test/support/slowest-files.js";

// Node reads extra certificates at each start: 50 ms in each of thousands of processes, none of which asks for them.
delete process.env.NODE_EXTRA_CA_CERTS;

/** Puts modules of its own in the place of some of the sources, so no worker that has loaded those can run it. */
const replacing = "test/integration/accounts-apart.property.test.ts";
/** Programs mostly wait for other programs, so that two cores carry six files of them. */
const maxWorkers = 6;

export default defineConfig({
  define: { __CRASH_POINTS__: "false", __VERSION__: JSON.stringify("0.0.0-test") },
  test: {
    reporters: ["default", new SlowestFiles()],
    // Real processes on a shared machine: a slow start is no failure.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "forks",
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        // As in the test build, so that the product's waits can be told shorter.
        define: { __CRASH_POINTS__: "true" },
        test: {
          name: "programs",
          include: [
            "test/{contract,e2e,faults,integration}/**/*.test.ts",
            // The contract runs against a real imsg where one is named.
            ...(process.env.IMSG ? ["test/contract/*.real.ts"] : []),
          ],
          exclude: [replacing],
          globalSetup: ["test/build-once.mjs"],
          // What files share is in the folders that each makes for itself, so a worker loads the sources once.
          isolate: false,
          maxWorkers,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: { name: "apart", include: [replacing], maxWorkers, sequence: { groupOrder: 2 } },
      },
      {
        extends: true,
        test: {
          name: "unit",
          include: ["src/**/*.test.ts", "test/unit/**/*.test.ts"],
          // Nothing here changes what another file sees, so a worker loads the sources once.
          isolate: false,
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
