import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * Path of the program `imsg-sim`: what a `cliPath` is set to. Executable, and to be run by `node` as well.
 * @throws when the package was not built
 */
export function simulatorProgram(): string {
  // Next to the package's own files, or in `dist` when this runs from source.
  for (const relative of ["./simulator/main.js", "./main.js", "../../dist/simulator/main.js"]) {
    const path = fileURLToPath(new URL(relative, import.meta.url));
    if (existsSync(path)) return path;
  }
  throw new Error("imsg-sim is not built: run npm run build");
}
