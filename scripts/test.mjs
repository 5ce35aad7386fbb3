// `npm test`: installs, builds, checks, and runs every test. Words after `--` go to the test runner.
import { join } from "node:path";
import { build, install, root, run } from "./build.mjs";

install();
build();
build("test");
const only = process.argv.slice(2);
if (only.length === 0) run(process.execPath, [join(root, "scripts/check.mjs")]);
run(process.execPath, [join(root, "node_modules/vitest/vitest.mjs"), "run", ...only]);
