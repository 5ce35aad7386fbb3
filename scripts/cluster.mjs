// `npm run test:cluster`: several gateways and workers share a state on a PostgreSQL server while people write; they are killed and frozen, their
// ways to the server stand still and break, the server dies. `-- --messages N --faults N --gateways N --workers N --seed N --imsg V --lease SECONDS`. Prints JSON.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { install, root, run } from "./build.mjs";

const { values } = parseArgs({
  options: {
    messages: { type: "string", default: "20000" },
    faults: { type: "string", default: "100" },
    gateways: { type: "string", default: "2" },
    workers: { type: "string", default: "2" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    imsg: { type: "string", default: "0.19.1" },
    lease: { type: "string", default: "3" },
  },
});
install();
const vitest = join(root, "node_modules/vitest/vitest.mjs");
const words = ["run", "--config", "vitest.faults.config.ts", "test/faults/cluster.faults.ts"];
run(process.execPath, [vitest, ...words], { CLUSTER: JSON.stringify(values) });
