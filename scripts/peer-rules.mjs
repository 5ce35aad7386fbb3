// `npm run test:peer-rules`: installs the published OpenClaw and its iMessage plugin into a cache outside the repository and
// holds the import against its own decisions. Nothing of the package is kept here. TAPBACK_PEER names a folder of one's own
// into which both are installed.
import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { install, root, run } from "./build.mjs";

const release = "2026.9.6";
const nodeRelease = "24";

function cacheFolder({ XDG_CACHE_HOME, LOCALAPPDATA }) {
  if (XDG_CACHE_HOME) return XDG_CACHE_HOME;
  if (process.platform === "darwin") return join(homedir(), "Library/Caches");
  return LOCALAPPDATA ?? join(homedir(), ".cache");
}

/** What the package `node` would fetch by a script. */
const program = `${process.platform === "darwin" && process.arch === "arm64" ? "node-bin" : "node"}-${process.platform}-${process.arch}`;

function fetched() {
  const folder = join(cacheFolder(process.env), "tapback/peer-rules", release);
  const complete = join(folder, "complete");
  if (existsSync(complete)) return folder;
  mkdirSync(folder, { recursive: true });
  process.stderr.write(`Installing openclaw ${release} into ${folder}…\n`);
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error", "--omit=optional"];
  const packages = [`openclaw@${release}`, `@openclaw/imessage@${release}`, `${program}@${nodeRelease}`];
  run("npm", ["install", "--ignore-scripts", "--prefix", folder, ...quiet, ...packages]);
  mkdirSync(complete);
  return folder;
}

install();
const folder = process.env.TAPBACK_PEER ?? fetched();
const words = ["run", "--config", "vitest.peer-rules.config.ts", ...process.argv.slice(2)];
run(process.execPath, [join(root, "node_modules/vitest/vitest.mjs"), ...words], {
  TAPBACK_PEER: folder,
  TAPBACK_PEER_NODE: join(folder, "node_modules", program, "bin/node"),
});
