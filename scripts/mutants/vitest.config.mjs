// Runs the unit tests on a copy that has the mutants in it.
import { readdirSync } from "node:fs";
import { defineConfig } from "vitest/config";
import { BaseSequencer } from "vitest/node";

/** What judges the text of the sources, and not what they do, would notice every mutant and prove nothing. */
const judging =
  /boundaries|citations|links|manual-commands|no-fixed-sleeps|other-name|packaging|release|replaced-modules|third-party|translations|error-codes|imsg-methods|timers/;
/** What starts a database server to ask another store the same. */
const elsewhere = /^(postgres-|store-copy)/;
/** The files come in the order in which they are likeliest to notice. */
class AsGiven extends BaseSequencer {
  sort(specifications) {
    return specifications;
  }
}

const beside = readdirSync("test/unit").filter(
  (name) => name.endsWith(".test.ts") && !judging.test(name) && !elsewhere.test(name),
);
/** A mutant that makes a test wait for ever costs this; what is right is given the time that a busy machine needs. */
const timeout = process.env.MUTANTS_REACHED === undefined ? 30_000 : 600_000;

export default defineConfig({
  define: { __CRASH_POINTS__: "false", __VERSION__: JSON.stringify("0.0.0-test") },
  test: {
    include: ["src/**/*.test.ts", ...beside.map((name) => `test/unit/${name}`)],
    setupFiles: [new URL("reached.mjs", import.meta.url).pathname],
    testTimeout: timeout,
    hookTimeout: timeout,
    tags: [{ name: "long" }],
    pool: "forks",
    // A process begins with its mutant on, and loads the sources once for all files that try it.
    isolate: false,
    maxWorkers: Number(process.env.MUTANTS_JOBS ?? 1),
    sequence: { sequencer: AsGiven },
  },
});
