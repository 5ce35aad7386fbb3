// `npm run test:peer-rules`: installs the published OpenClaw and its iMessage plugin into a cache outside the repository and
// holds the import against its own decisions. Nothing of the package is kept here. TAPBACK_PEER names a folder of one's own
// into which both are installed.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { install, root, run } from "./build.mjs";
import { fetched } from "./fetched.mjs";

const release = "2026.9.6";

/** What the package `node` would fetch by a script. */
const program = `${process.platform === "darwin" && process.arch === "arm64" ? "node-bin" : "node"}-${process.platform}-${process.arch}`;

/** Everything that is installed beside it. */
function withPluginAndNode(folder) {
  const dependencies = { openclaw: release, "@openclaw/imessage": release, [program]: "24" };
  writeFileSync(join(folder, "package.json"), JSON.stringify({ dependencies }));
}

function installed() {
  const wanted = { package: "openclaw", version: release, prepare: withPluginAndNode };
  return join(fetched("peer-rules", "openclaw", wanted), "../..");
}

install();
const folder = process.env.TAPBACK_PEER ?? installed();
const words = ["run", "--config", "vitest.peer-rules.config.ts", ...process.argv.slice(2)];
run(process.execPath, [join(root, "node_modules/vitest/vitest.mjs"), ...words], {
  TAPBACK_PEER: folder,
  TAPBACK_PEER_NODE: join(folder, "node_modules", program, "bin/node"),
});
