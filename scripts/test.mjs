// `npm test`: installs, checks, builds (test/build-once.ts), and runs every test. Words after `--` go to the test runner.
import { join } from "node:path";
import { install, root, run } from "./build.mjs";

install();
const only = process.argv.slice(2);
if (only.length === 0) run(process.execPath, [join(root, "scripts/check.mjs")]);
run(process.execPath, [join(root, "node_modules/vitest/vitest.mjs"), "run", ...only]);
