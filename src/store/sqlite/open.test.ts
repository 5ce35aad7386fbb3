import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { removeFolder } from "../../../test/support/remove-folder.js";
import { openStateDatabase } from "./open.js";

it.each([
  ["darwin", 1],
  ["linux", 0],
] as const)(
  "forces what it stores through the cache of the drive where that needs a word: %s",
  async (platform, forced) => {
    const folder = mkdtempSync(join(tmpdir(), "tapback-open-"));
    const database = openStateDatabase(join(folder, "state.db"), platform);
    for (const pragma of ["fullfsync", "checkpoint_fullfsync"])
      expect(database.prepare(`PRAGMA ${pragma}`).get()?.[pragma]).toBe(forced);
    database.close();
    await removeFolder(folder);
  },
);
