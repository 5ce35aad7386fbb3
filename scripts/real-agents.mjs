// `npm run test:real-agents`: installs five ACP agents into a cache outside the repository and runs the scenarios of
// test/real-agents with them, through the whole gateway, against a played model on loopback. TAPBACK_REAL_AGENTS names
// programs of one's own instead: {"opencode":{"command":"/path/to/opencode","args":[]}}.
import { join } from "node:path";
import { build, install, root, run } from "./build.mjs";
import { fetched } from "./fetched.mjs";

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

const fetchedAgent = (name, wanted) => fetched("real-agents", name, wanted);

/** A Node of at least the major release that an agent needs: this one, or the npm package `node`. */
function nodeOf(major) {
  if (major === undefined || Number(process.versions.node.split(".")[0]) >= major) return process.execPath;
  const version = "22.23.3";
  const node = { package: "node", version, postinstall: "installArchSpecificPackage.js" };
  return join(fetchedAgent("node", node), "bin/node");
}

function program(name) {
  const agent = agents[name];
  const folder = fetchedAgent(name, agent);
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
