import { realpath } from "node:fs/promises";
import { isAbsolute, relative, sep } from "node:path";

/** @returns the path with every link resolved; undefined when nothing is there */
export async function realOf(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch {
    return undefined;
  }
}

/** @returns whether a path lies below a folder; both real paths. A folder is not below itself. */
export function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
