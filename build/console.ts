import { join } from "node:path";
import type { Rolldown } from "tsdown";
import { build, type Plugin } from "vite";

/**
 * Builds the page of the console into `console/` of the output folder, beside what else is built.
 * @param notices notes what the page is made of
 */
export function consolePage(
  outDir: string,
  notices: Pick<Rolldown.Plugin, "generateBundle">,
): Rolldown.Plugin {
  const root = join(import.meta.dirname, "../console");
  let built: Promise<unknown> = Promise.resolve();
  return {
    name: "console-page",
    buildStart() {
      built = build({
        root,
        base: "/console/",
        configFile: false,
        logLevel: "warn",
        oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
        css: { transformer: "lightningcss" },
        plugins: [{ name: "notices", generateBundle: notices.generateBundle } as Plugin],
        build: {
          outDir: join(process.cwd(), outDir, "console"),
          // The whole output folder was emptied before.
          emptyOutDir: false,
          target: "es2023",
          // Nothing is written into the page itself: its policy runs and shows files alone.
          assetsInlineLimit: 0,
          modulePreload: { polyfill: false },
          reportCompressedSize: false,
          rolldownOptions: {
            checks: { pluginTimings: false },
            output: { entryFileNames: "[name]-[hash].js", assetFileNames: "[name]-[hash][extname]" },
          },
        },
      });
      built.catch(() => {});
    },
    async generateBundle() {
      await built;
    },
  };
}
