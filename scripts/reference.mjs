// Writes docs/reference/configuration.md from the schema.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "tsdown";

// Inside the project, so that the bundle finds the dependencies.
const outDir = mkdtempSync(join(import.meta.dirname, "../.reference-"));
try {
  await build({
    config: false,
    entry: { reference: join(import.meta.dirname, "../src/config/reference/index.ts") },
    outDir,
    format: "esm",
    platform: "node",
    fixedExtension: true,
    dts: false,
    logLevel: "warn",
  });
  const { referencePage } = await import(pathToFileURL(join(outDir, "reference.mjs")).href);
  const target = join(import.meta.dirname, "../docs/reference/configuration.md");
  mkdirSync(join(target, ".."), { recursive: true });
  writeFileSync(target, referencePage());
  console.log(target);
} finally {
  rmSync(outDir, { recursive: true, force: true });
}
