// Installs and builds only what is missing or stale, so that the README's commands work as the first ones ever run.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** Runs a program in the repository; ends this process with its exit code when it fails. */
export function run(command, args, env = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: "inherit", env: { ...process.env, ...env } });
  if (result.status !== 0) process.exit(result.status ?? 1);
}

const npm = process.platform === "win32" ? "npm.cmd" : "npm";

/** Installs the dependencies when there are none, or when the lockfile is not the one that was installed from. */
export function install() {
  const stamp = join(root, "node_modules/.installed-from");
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  process.stderr.write("Installing dependencies…\n");
  run(npm, ["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
  writeFileSync(stamp, lock);
}

/**
 * Builds what runs, when a source is newer than the build.
 * @param kind `release` into dist/, `test` (with crash points) into dist-test/
 */
export function build(kind = "release") {
  const marker = join(root, kind === "test" ? "dist-test" : "dist", "cli/main.js");
  const sources = [
    newest(join(root, "src")),
    newest(join(root, "build")),
    newest(join(root, "console")),
    ...(kind === "test" ? [newest(join(root, "test/simulation"))] : []),
    modified(join(root, "tsdown.config.ts")),
    modified(join(root, "package.json")),
    // What is bundled may have changed.
    modified(join(root, "package-lock.json")),
  ];
  if (existsSync(marker) && modified(marker) > Math.max(...sources)) return;
  process.stderr.write(kind === "test" ? "Building with crash points…\n" : "Building…\n");
  run(
    process.execPath,
    [join(root, "node_modules/tsdown/dist/run.mjs"), "--logLevel", "error"],
    kind === "test" ? { TAPBACK_BUILD: "test" } : {},
  );
}

function modified(path) {
  return statSync(path).mtimeMs;
}

function newest(folder) {
  return Math.max(
    ...readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => modified(join(entry.parentPath ?? entry.path, entry.name))),
  );
}
