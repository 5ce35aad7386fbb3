import { readFileSync } from "node:fs";
import { defineConfig, type UserConfig } from "tsdown";

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };

/** Test builds carry the crash points (`src/platform/crash-point.ts`); release builds have them compiled out. */
const forTests = process.env.TAPBACK_BUILD === "test";

const common: UserConfig = {
  outDir: forTests ? "dist-test" : "dist",
  format: "esm",
  platform: "node",
  target: "node20",
  fixedExtension: false,
  logLevel: "warn",
};

const library = { index: "src/index.ts", imsg: "src/imsg.ts", simulator: "src/simulator.ts" };

const programs: UserConfig = {
  ...common,
  entry: { ...library, "cli/main": "src/cli/main.ts", "simulator/main": "src/simulator/main.ts" },
  dts: false,
  clean: true,
  sourcemap: true,
  define: { __CRASH_POINTS__: String(forTests), __VERSION__: JSON.stringify(version) },
  // Loading zod as a hundred small files costs a command 100 ms and more; of the protocols' packages, 18 MB on the disk,
  // little is used.
  deps: { alwaysBundle: ["zod", "json5", /^@agentclientprotocol\//, /^@modelcontextprotocol\//] },
};

/** Apart from the programs: a copy of zod's types would not compile in the strict project of a user. */
const types: UserConfig = { ...common, entry: library, dts: { emitDtsOnly: true }, clean: false };

export default defineConfig(forTests ? programs : [programs, types]);
