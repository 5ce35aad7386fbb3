// `npm run soak`: a gateway under messages and random faults; prints JSON, and ends with 1 when something leaked or was
// lost. `--minutes N` (default 30), `--seed N`.
import { join } from "node:path";
import { build, install, root, run } from "./build.mjs";

install();
build("test");
run(process.execPath, [join(root, "bench/soak.mjs"), ...process.argv.slice(2)]);
