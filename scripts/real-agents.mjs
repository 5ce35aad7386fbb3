// `npm run test:real-agents`: installs five ACP agents into a cache outside the repository and runs the scenarios of
// test/real-agents with them, through the whole gateway, against a played model on loopback. TAPBACK_REAL_AGENTS names
// programs of one's own instead: {"opencode":{"command":"/path/to/opencode","args":[]}}.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { build, install, root, run } from "./build.mjs";

/** The releases that the tests were written against; `entry` is run by a Node of that major release. */
const agents = {
  opencode: { package: "opencode-ai", version: "1.18.33", postinstall: "postinstall.mjs", bin: "opencode" },
  claude: {
    package: "@agentclientprotocol/claude-agent-acp",
    version: "0.101.0",
    entry: "dist/index.js",
    node: 22,
  },
  codex: { package: "@agentclientprotocol/codex-acp", version: "2.6.0", entry: "dist/index.js" },
  gemini: { package: "@google/gemini-cli", version: "0.61.0", entry: "bundle/gemini.js" },
  qwen: { package: "@qwen-code/qwen-code", version: "0.24.4", entry: "cli-entry.js", node: 22 },
};

function cacheFolder({ XDG_CACHE_HOME, LOCALAPPDATA }) {
  if (XDG_CACHE_HOME) return XDG_CACHE_HOME;
  if (process.platform === "darwin") return join(homedir(), "Library/Caches");
  return LOCALAPPDATA ?? join(homedir(), ".cache");
}

/** Installs a package once. @returns its folder */
function fetched(name, { package: id, version, postinstall }) {
  const folder = join(cacheFolder(process.env), "tapback/real-agents", `${name}-${version}`);
  const own = join(folder, "node_modules", id);
  const complete = join(folder, "complete");
  if (existsSync(complete)) return own;
  mkdirSync(folder, { recursive: true });
  process.stderr.write(`Installing ${id} ${version} into ${folder}…\n`);
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
  run("npm", ["install", "--ignore-scripts", "--prefix", folder, ...quiet, `${id}@${version}`]);
  // It puts the program of this machine in its place; newer npm does not run such scripts by itself.
  if (postinstall !== undefined) {
    const script = spawnSync(process.execPath, [join(own, postinstall)], { cwd: folder, stdio: "inherit" });
    if (script.status !== 0) process.exit(script.status ?? 1);
  }
  mkdirSync(complete);
  return own;
}

/** A Node of at least the major release that an agent needs: this one, or the npm package `node`. */
function nodeOf(major) {
  if (major === undefined || Number(process.versions.node.split(".")[0]) >= major) return process.execPath;
  const version = "22.23.3";
  const node = { package: "node", version, postinstall: "installArchSpecificPackage.js" };
  return join(fetched("node", node), "bin/node");
}

function program(name) {
  const agent = agents[name];
  const folder = fetched(name, agent);
  if (agent.bin !== undefined) return { command: join(folder, "../.bin", agent.bin), args: [] };
  return { command: nodeOf(agent.node), args: [join(folder, agent.entry)] };
}

install();
build();
build("test");
const words = ["run", "--config", "vitest.real-agents.config.ts", ...process.argv.slice(2)];
const programs = () =>
  JSON.stringify(Object.fromEntries(Object.keys(agents).map((name) => [name, program(name)])));
run(process.execPath, [join(root, "node_modules/vitest/vitest.mjs"), ...words], {
  TAPBACK_REAL_AGENTS: process.env.TAPBACK_REAL_AGENTS ?? programs(),
});
