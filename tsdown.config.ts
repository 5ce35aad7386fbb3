import { readFileSync } from "node:fs";
import { defineConfig } from "tsdown";

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };

/** Test builds carry the crash points (`src/platform/crash-point.ts`); release builds have them compiled out. */
const forTests = process.env.TAPBACK_BUILD === "test";

export default defineConfig({
  entry: {
    index: "src/index.ts",
    imsg: "src/imsg.ts",
    simulator: "src/simulator.ts",
    "cli/main": "src/cli/main.ts",
    "simulator/main": "src/simulator/main.ts",
  },
  outDir: forTests ? "dist-test" : "dist",
  format: "esm",
  platform: "node",
  target: "node20",
  dts: !forTests,
  clean: true,
  sourcemap: true,
  fixedExtension: false,
  define: { __CRASH_POINTS__: String(forTests), __VERSION__: JSON.stringify(version) },
  // Loading zod as a hundred small files costs a command 100 ms and more; of the protocols' packages, 18 MB on the disk,
  // little is used.
  deps: { alwaysBundle: ["zod", "json5", /^@agentclientprotocol\//, /^@modelcontextprotocol\//] },
  logLevel: "warn",
});
