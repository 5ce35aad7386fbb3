// `npm run bench`: installs, builds, and prints the benchmarks as JSON.
import { join } from "node:path";
import { build, install, root, run } from "./build.mjs";

install();
build();
run(process.execPath, [join(root, "bench/run.mjs"), ...process.argv.slice(2)]);
