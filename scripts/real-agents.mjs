// `npm run test:real-agents`: installs OpenCode into a cache outside the repository and runs the tests with it, through
// the whole gateway, against a model server on loopback. TAPBACK_OPENCODE names a program of one's own instead.
import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { build, install, root, run } from "./build.mjs";

/** The release that the tests were written against. */
const version = "1.18.33";

function cacheFolder({ XDG_CACHE_HOME, LOCALAPPDATA }) {
  if (XDG_CACHE_HOME) return XDG_CACHE_HOME;
  if (process.platform === "darwin") return join(homedir(), "Library/Caches");
  return LOCALAPPDATA ?? join(homedir(), ".cache");
}

/** @returns the path of the program */
function opencode() {
  const folder = join(cacheFolder(process.env), "tapback/real-agents", `opencode-${version}`);
  const program = join(folder, "node_modules/.bin/opencode");
  const complete = join(folder, "complete");
  if (existsSync(complete)) return program;
  mkdirSync(folder, { recursive: true });
  process.stderr.write(`Installing OpenCode ${version} into ${folder}…\n`);
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
  run("npm", ["install", "--ignore-scripts", "--prefix", folder, ...quiet, `opencode-ai@${version}`]);
  // It puts the program of this machine in its place; newer npm does not run such scripts by itself.
  run(process.execPath, [join(folder, "node_modules/opencode-ai/postinstall.mjs")]);
  run(program, ["--version"]);
  mkdirSync(complete);
  return program;
}

install();
build();
build("test");
const words = ["run", "--config", "vitest.real-agents.config.ts", ...process.argv.slice(2)];
run(process.execPath, [join(root, "node_modules/vitest/vitest.mjs"), ...words], {
  TAPBACK_OPENCODE: process.env.TAPBACK_OPENCODE ?? opencode(),
});
