// Writes the pages of docs/reference: the configuration from its schema, errors and reasons from their texts.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "tsdown";

/** Each page of its own entry: the file that renders it, and the function there. */
const pages = {
  configuration: { source: "config/reference/index.ts", render: "referencePage" },
  errors: { source: "platform/error-codes/reference/index.ts", render: "errorsPage" },
  api: { source: "api/reference/index.ts", render: "apiPage" },
  reasons: { source: "conversation/reasons-page.ts", render: "reasonsPage" },
};

const root = join(import.meta.dirname, "..");
// Inside the project, so that the bundle finds the dependencies.
const outDir = mkdtempSync(join(root, ".reference-"));
try {
  await build({
    config: false,
    entry: Object.fromEntries(
      Object.entries(pages).map(([name, { source }]) => [name, join(root, "src", source)]),
    ),
    outDir,
    format: "esm",
    platform: "node",
    fixedExtension: true,
    dts: false,
    // The pages name no version: a release changes none of them.
    define: { __VERSION__: JSON.stringify(""), __CRASH_POINTS__: "false" },
    logLevel: "warn",
  });
  const folder = join(root, "docs/reference");
  mkdirSync(folder, { recursive: true });
  for (const [name, { render }] of Object.entries(pages)) {
    const module = await import(pathToFileURL(join(outDir, `${name}.mjs`)).href);
    const target = join(folder, `${name}.md`);
    writeFileSync(target, module[render]());
    console.log(target);
  }
} finally {
  rmSync(outDir, { recursive: true, force: true });
}
