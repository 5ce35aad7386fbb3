// `npm run test:peer`: runs the published OpenClaw, unmodified, on the simulator, and asserts what people saw in their chats
// and what it asked `imsg` (test/peer). It ends with a transcript of the run, and with exit code 1 where something differs.
// `-- -t 0.19` plays one version of imsg. What it does by its own fault stands in docs/simulator.md.
import { join } from "node:path";
import { install, root, run } from "./build.mjs";
import { openclaw, release } from "./openclaw.mjs";

install();
const { folder, node } = openclaw();
const words = ["run", "--config", "vitest.peer.config.ts", ...process.argv.slice(2)];
run(process.execPath, [join(root, "node_modules/vitest/vitest.mjs"), ...words], {
  TAPBACK_PEER: folder,
  TAPBACK_PEER_NODE: node,
  TAPBACK_PEER_RELEASE: release,
});
