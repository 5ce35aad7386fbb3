// `npm run test:peer-rules`: installs the published OpenClaw and its iMessage plugin into a cache outside the repository and
// holds the import against its own decisions. TAPBACK_PEER names a folder of one's own into which both are installed.
import { join } from "node:path";
import { install, root, run } from "./build.mjs";
import { openclaw } from "./openclaw.mjs";

install();
const { folder, node } = openclaw();
const words = ["run", "--config", "vitest.peer-rules.config.ts", ...process.argv.slice(2)];
run(process.execPath, [join(root, "node_modules/vitest/vitest.mjs"), ...words], {
  TAPBACK_PEER: folder,
  TAPBACK_PEER_NODE: node,
});
