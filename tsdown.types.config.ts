import { defineConfig } from "tsdown";
import { plainTypes } from "./build/plain-types.js";
import { common, library } from "./tsdown.config.js";

/** The library's declarations, beside its built files. They take five times as long as these, and only a package needs them. */
export default defineConfig({
  ...common,
  entry: library,
  format: "esm",
  // The native compiler writes the same declarations for less; it reads these entries, and no tests.
  tsconfig: "tsconfig.types.json",
  dts: { emitDtsOnly: true, tsgo: { path: "node_modules/typescript-native/bin/tsc" } },
  clean: false,
  deps: { neverBundle: /^[@a-z]/ },
  plugins: [plainTypes],
});
