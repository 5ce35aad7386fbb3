import { readdirSync, readFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the page beside the built files; not defined where the source itself runs. */
declare const __CONSOLE__: string;

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** A file of the page. */
export interface PageFile {
  body: string;
  type: string;
}

/** Reads the files of the page, by their paths. What is not in there is not served, whatever a path looks like. */
export function readPage(): Map<string, PageFile> {
  const here = dirname(fileURLToPath(import.meta.url));
  const folder = join(here, typeof __CONSOLE__ === "undefined" ? "../../dist/console" : __CONSOLE__);
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return new Map(
    files.flatMap((file) => {
      const type = types[extname(file)];
      return type === undefined
        ? []
        : [[file.replaceAll("\\", "/"), { body: readFileSync(join(folder, file), "utf8"), type }]];
    }),
  );
}
