import { execFileSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const marker = join(root, "dist/simulator/main.js");

/** Builds `dist` once before the tests, when something in `src` is newer: integration tests run the built programs. */
export function setup(): void {
  const built = statSync(marker, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (built > newest(join(root, "src"))) return;
  execFileSync(process.execPath, [join(root, "node_modules/tsdown/dist/run.mjs")], {
    cwd: root,
    stdio: "inherit",
  });
}

function newest(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .reduce((time, file) => Math.max(time, statSync(join(folder, file)).mtimeMs), 0);
}
