// `npm run test:events`: a gateway writes events, programs follow them over the API and are cut off at random bytes, and the gateway is
// killed; each event has to be told once to each. `-- --events N --cuts N --kills N --seed N`. Prints JSON.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { install, root, run } from "./build.mjs";

const { values } = parseArgs({
  options: {
    events: { type: "string", default: "100000" },
    cuts: { type: "string", default: "1000" },
    kills: { type: "string", default: "20" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
  },
});
install();
const vitest = join(root, "node_modules/vitest/vitest.mjs");
const words = ["run", "--config", "vitest.faults.config.ts", "test/faults/event-stream.faults.ts"];
run(process.execPath, [vitest, ...words], { EVENT_STREAM: JSON.stringify(values) });
