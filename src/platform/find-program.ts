import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * Looks for a program as a shell would.
 * @param name a bare name, which PATH leads to, or a path
 * @returns where it is, or undefined when it is not there or may not be run
 */
export function findProgram(name: string, env: Record<string, string | undefined>): string | undefined {
  const places = name.includes("/")
    ? [name]
    : (env.PATH ?? "").split(delimiter).map((folder) => join(folder, name));
  return places.find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
