import { execFileSync } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

/** Writes the library's declarations into `dist`, which a package has beside what runs. @throws when that fails */
export function setup() {
  execFileSync(
    process.execPath,
    [join(root, "node_modules/tsdown/dist/run.mjs"), "-c", "tsdown.types.config.ts", "--logLevel", "error"],
    { cwd: root, stdio: "inherit" },
  );
}
