import { execFileSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
/**
 * Builds `dist`, and `dist-test` with the crash points, once before the tests, when something that they are built from is newer:
 * integration tests and faults run the built programs.
 */
export function setup(): void {
  const changed = Math.max(
    newest(join(root, "src")),
    newest(join(root, "build")),
    ...["tsdown.config.ts", "package-lock.json"].map((file) => statSync(join(root, file)).mtimeMs),
  );
  for (const [folder, env] of [
    ["dist", {}],
    ["dist-test", { TAPBACK_BUILD: "test" }],
  ] as const) {
    const built = statSync(join(root, folder, "cli/main.js"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (built > changed) continue;
    execFileSync(process.execPath, [join(root, "node_modules/tsdown/dist/run.mjs")], {
      cwd: root,
      stdio: "inherit",
      env: { ...process.env, ...env },
    });
  }
}

function newest(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .reduce((time, file) => Math.max(time, statSync(join(folder, file)).mtimeMs), 0);
}
