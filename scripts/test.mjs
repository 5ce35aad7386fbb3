// `npm test`: installs, checks beside the build (test/build-once.mjs), and runs every test. Words after `--` go to the test
// runner, which builds by itself.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setup } from "../test/build-once.mjs";
import { install, root, run } from "./build.mjs";

install();
const only = process.argv.slice(2);
if (only.length === 0) {
  const [code] = await Promise.all([check(), setup()]);
  if (code !== 0) process.exit(code);
}
// What is tagged as long waits for `npm run test:long`, unless its file is named.
const words = only.length === 0 ? ["--tags-filter", "!long"] : only;
run(process.execPath, [join(root, "node_modules/vitest/vitest.mjs"), "run", ...words]);

/** @returns the exit code of `npm run check` */
async function check() {
  const child = spawn(process.execPath, [join(root, "scripts/check.mjs")], { cwd: root, stdio: "inherit" });
  const [code] = await once(child, "exit");
  return code ?? 1;
}
