// Takes the pictures of the console that the manual shows, of a world that is always the same: docs/pictures/.
import { join } from "node:path";
import { root, run } from "./build.mjs";

run(
  process.execPath,
  [
    join(root, "node_modules/vitest/vitest.mjs"),
    ...["run", "--config", "vitest.long.config.ts", "test/e2e/console-pictures.long.ts"],
  ],
  { TAPBACK_PICTURES: join(root, "docs/pictures") },
);
