import { readdirSync, readFileSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";

const root = join(import.meta.dirname, "../..");
const folders = ["src", "test", "bench", "scripts", "examples", "docs", "packaging"];

/** One file that people write: its path from the project's root, with `/`, and its text. */
export interface ProjectFile {
  path: string;
  text: string;
}

/**
 * Reads the files of the project that end as asked: those at the root and all below the folders of code and documents.
 * @param extensions with the dot, e.g. `.md`
 */
export function projectFiles(extensions: readonly string[]): ProjectFile[] {
  const atRoot = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = [
    ...atRoot.map((entry) => join(root, entry.name)),
    ...folders.flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name)),
    ),
  ];
  return paths
    .filter((path) => extensions.includes(extname(path)))
    .sort()
    .map((path) => ({
      path: relative(root, path).split(sep).join("/"),
      text: readFileSync(path, "utf8"),
    }));
}
