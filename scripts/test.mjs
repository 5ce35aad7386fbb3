// `npm test`: installs, builds, and runs every test, with the checks beside them. Words after `--` go to the test runner, which
// builds by itself.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { buildSources, setup } from "../test/build-once.mjs";
import { install, root, run } from "./build.mjs";

install();
const vitest = [join(root, "node_modules/vitest/vitest.mjs"), "run"];
const only = process.argv.slice(2);
if (only.length > 0) {
  run(process.execPath, [...vitest, ...only]);
} else {
  await Promise.all([setup(), buildSources()]);
  // What is tagged as long waits for `npm run test:long`, unless its file is named.
  const tests = node([...vitest, "--tags-filter", "!long"], { TAPBACK_BUILT_SOURCES: "1" });
  const [checked, tested] = await Promise.all([node([join(root, "scripts/check.mjs")]), tests]);
  if (checked !== 0) console.error("`npm run check` found what it says above.");
  process.exitCode = checked || tested;
}

/** Runs a script in the repository. @returns its exit code */
async function node(words, env = {}) {
  const child = spawn(process.execPath, words, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...env },
  });
  const [code] = await once(child, "exit");
  return code ?? 1;
}
