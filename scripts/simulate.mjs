// `npm run simulate`: the whole pipeline in one process under virtual time, with traffic and faults from a seed
// (docs/simulation.md). `-- --seed N --messages M [--profile 0.9|0.14|0.15|0.19]`, `-- --seeds A..B --results FILE`.
import { join } from "node:path";
import { install, root, run } from "./build.mjs";
import { buildSimulation } from "./simulation-build.mjs";

install();
buildSimulation(root);
run(process.execPath, [join(root, "dist-simulation/simulation/main.js"), ...process.argv.slice(2)]);
