// `npm run check`: format, lint, types, dead code. The boundaries are a test of their own (test/unit/boundaries.test.ts).
import { join } from "node:path";
import { install, root, run } from "./build.mjs";

install();
const bin = (path) => join(root, "node_modules", path);
run(process.execPath, [bin("@biomejs/biome/bin/biome"), "check", "."]);
run(process.execPath, [bin("typescript/bin/tsc"), "--noEmit"]);
run(process.execPath, [bin("knip/bin/knip.js")]);
