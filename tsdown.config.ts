import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type UserConfig } from "tsdown";
import { consolePage } from "./build/console.js";
import { plainCharacters } from "./build/plain-characters.js";
import { thirdPartyNotices } from "./build/third-party-notices.js";

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };

/** Test builds carry the crash points (`src/platform/crash-point.ts`); release builds have them compiled out. */
const forTests = process.env.TAPBACK_BUILD === "test";

/** Everything is bundled and installed for the build alone: a user installs one package, and loads few files. */
export const common: UserConfig = {
  outDir: forTests ? "dist-test" : "dist",
  platform: "node",
  target: "node20",
  fixedExtension: false,
  // Whoever uses the matchers for vitest, or the adapter for chat, has it already, and there must be one of it; pg is
  // installed by those whose state is on a server.
  deps: { onlyBundle: false, neverBundle: ["vitest", "chat", "pg", "@electric-sql/pglite"] },
  // A release is readable without maps, which would carry every source a second time.
  sourcemap: forTests,
  logLevel: "warn",
};

/** What programs import. */
export const library = {
  index: "src/index.ts",
  "chat-sdk": "src/chat-sdk.ts",
  imsg: "src/imsg.ts",
  simulator: "src/simulator.ts",
  testing: "src/testing.ts",
  "testing-vitest": "src/testing-vitest.ts",
};

/** What starts together lies together: each file more costs a start as much as 20 KB of code. */
const together = [
  // Of these the simulator needs no more.
  {
    name: "ground",
    test: /\/src\/(platform\/(errors|clock|lines|atomic-file|sqlite|load-package|result|version)|conversation\/handle)\.ts$/,
    minShareCount: 8,
    priority: 4,
  },
  {
    name: "base",
    test: /\/src\/(conversation|platform|config)\/(?!error-codes|logging|packages|processes|reason|load\.ts|watch\.ts|\w+\/)/,
    minShareCount: 8,
    priority: 3,
  },
  { name: "zod", test: /\/node_modules\/zod\//, priority: 2 },
  { name: "settings", test: /\/(src\/config\/(schema|check|load\.ts)|node_modules\/json5)\b/, priority: 1 },
];

const programs: UserConfig = {
  ...common,
  entry: {
    ...library,
    "cli/main": "src/cli/main.ts",
    "simulator/main": "src/imsg-sim.ts",
    ...(forTests && {
      // Programs that tests start often: a package whole in one file is loaded in half the time.
      "fixtures/acp-agent": "test/fixtures/acp-agent.mjs",
      "fixtures/mcp-server": "test/fixtures/mcp-server.mjs",
      // A sample of it is played by the tests (docs/simulation.md).
      "simulation/main": "test/simulation/main.ts",
    }),
  },
  format: "esm",
  dts: false,
  clean: true,
  // What the types say has no need to be read at each start.
  outputOptions: { codeSplitting: { groups: together }, comments: { jsdoc: false } },
  // The page is the same in both builds, and tests look at that of the release.
  plugins: [
    ...(forTests ? [] : [consolePage("dist", thirdPartyNotices)]),
    thirdPartyNotices,
    plainCharacters,
  ],
  define: {
    __CRASH_POINTS__: String(forTests),
    __VERSION__: JSON.stringify(version),
    // Seen from the chunks, which lie in the output folder itself.
    __PACKAGES__: JSON.stringify("./packages"),
    __CONSOLE__: JSON.stringify(forTests ? "../dist/console" : "./console"),
  },
};

const late = "src/platform/packages";

/** What `loadPackage` loads: CommonJS, because that can be loaded in the middle of code that does not wait. */
const packages: UserConfig = {
  ...common,
  entry: Object.fromEntries(
    readdirSync(late, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => [`packages/${file.slice(0, -3)}`, join(late, file)]),
  ),
  format: "cjs",
  dts: false,
  clean: false,
  plugins: [thirdPartyNotices, plainCharacters],
  // SQLite's package looks for its binaries here.
  copy: ["darwin-arm64", "darwin-x64", "linux-arm64", "linux-x64"].map((machine) => ({
    from: `node_modules/@photostructure/sqlite/prebuilds/${machine}`,
    to: `${forTests ? "dist-test" : "dist"}/packages/prebuilds`,
  })),
};

export default defineConfig([programs, packages]);
