import { readdirSync } from "node:fs";
import { defineConfig } from "tsdown";

/** Each source as a file of its own, for `npm test`: see `test/support/built-sources.ts`. */
export default defineConfig({
  entry: readdirSync("src", { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map((name) => `src/${name}`),
  outDir: "dist-src",
  unbundle: true,
  platform: "node",
  target: "node20",
  fixedExtension: false,
  format: "esm",
  dts: false,
  sourcemap: true,
  clean: true,
  deps: { skipNodeModulesBundle: true },
  // As in vitest.config.ts.
  define: { __CRASH_POINTS__: "true", __VERSION__: JSON.stringify("0.0.0-test") },
  logLevel: "warn",
});
