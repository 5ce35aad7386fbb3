// Which test files load a source file, over however many others.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

/**
 * @param root of the sources and tests
 * @returns tells the test files that load a file; all paths are absolute
 */
export function importersIn(root) {
  const importers = new Map();
  for (const file of ["src", "test"].flatMap((folder) => sourcesIn(join(root, folder))))
    for (const { fileName } of ts.preProcessFile(readFileSync(file, "utf8")).importedFiles) {
      if (!fileName.startsWith(".")) continue;
      const imported = join(dirname(file), fileName.replace(/\.js$/, ".ts"));
      if (existsSync(imported)) importers.set(imported, [...(importers.get(imported) ?? []), file]);
    }
  return (source) => {
    const found = new Set([source]);
    for (const file of found) for (const importer of importers.get(file) ?? []) found.add(importer);
    return [...found].filter((file) => file.endsWith(".test.ts"));
  };
}

function sourcesIn(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name));
}
