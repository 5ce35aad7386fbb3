import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

/**
 * Builds `dist`, and `dist-test` with the crash points, once before the tests, when something that they are made from is
 * newer: integration tests and faults run the built programs. Both are built at once. Unit tests run none of them.
 * @param {import("vitest/node").TestProject} [project] of the test runner; absent: everything is tested
 * @returns {Promise<void>}
 * @throws when a build fails
 */
export async function setup(project) {
  const wanted = project?.vitest.filenamePattern ?? [];
  if (wanted.length > 0 && wanted.every((pattern) => /^(\.\/)?(src|test\/unit)\b/.test(pattern))) return;

  const changed = Math.max(
    newest(join(root, "src")),
    newest(join(root, "build")),
    newest(join(root, "console")),
    newest(join(root, "test/simulation")),
    ...[
      "tsdown.config.ts",
      "package.json",
      "package-lock.json",
      "test/fixtures/acp-agent.mjs",
      "test/fixtures/mcp-server.mjs",
    ].map(modified),
  );
  await Promise.all([build("dist", changed, {}), build("dist-test", changed, { TAPBACK_BUILD: "test" })]);
}

/** Builds `dist-src` (`test/support/built-sources.ts`) when a source is newer. @throws when it fails */
export function buildSources() {
  const changed = Math.max(newest(join(root, "src")), modified("tsdown.sources.config.ts"));
  return build("dist-src", changed, {}, ["-c", "tsdown.sources.config.ts"]);
}

async function build(folder, changed, env, words = []) {
  if (modified(join(folder, "cli/main.js")) > changed) return;
  const child = spawn(
    process.execPath,
    [join(root, "node_modules/tsdown/dist/run.mjs"), "--logLevel", "error", ...words],
    {
      cwd: root,
      stdio: "inherit",
      // As a release is built: the test runner's own would leave the page its checks for developers.
      env: { ...process.env, NODE_ENV: "production", ...env },
    },
  );
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`the build of ${folder} failed`);
}

function modified(path) {
  return statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function newest(folder) {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(tsx?|css|html)$/.test(file) && !file.endsWith(".test.ts"))
    .reduce((time, file) => Math.max(time, statSync(join(folder, file)).mtimeMs), 0);
}
