import { defineConfig, type UserConfig } from "tsdown";
import base from "./tsdown.config.js";

/** The simulation alone, with the crash points: built in seconds, also from a copy of the sources. */
const [programs] = base as unknown as [UserConfig];
// Packages are those of the folder above: nothing of this is published.
const { __PACKAGES__: _, ...define } = programs.define ?? {};

export default defineConfig({
  ...programs,
  define,
  entry: { "simulation/main": "test/simulation/main.ts" },
  outDir: "dist-simulation",
  plugins: [],
  clean: false,
});
