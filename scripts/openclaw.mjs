// The published OpenClaw, its iMessage plugin and a Node that they take, in the user's cache: what `npm run test:peer` talks
// to and `npm run test:peer-rules` asks. Nothing of them is kept in the repository.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fetched } from "./fetched.mjs";

/** The release that the tests were written against. */
export const release = "2026.9.6";

/** What the package `node` would fetch by a script. */
const program = `${process.platform === "darwin" && process.arch === "arm64" ? "node-bin" : "node"}-${process.platform}-${process.arch}`;

/** Everything that is installed beside it. */
function withPluginAndNode(folder) {
  const dependencies = { openclaw: release, "@openclaw/imessage": release, [program]: "24" };
  writeFileSync(join(folder, "package.json"), JSON.stringify({ dependencies }));
}

/**
 * Where OpenClaw is installed, after installing it when it is not. TAPBACK_PEER names a folder of one's own instead.
 * @returns the folder with its `node_modules`, and the Node to run it with
 */
export function openclaw() {
  const wanted = { package: "openclaw", version: release, prepare: withPluginAndNode };
  const folder = process.env.TAPBACK_PEER ?? join(fetched("peer-rules", "openclaw", wanted), "../..");
  return { folder, node: join(folder, "node_modules", program, "bin/node") };
}
