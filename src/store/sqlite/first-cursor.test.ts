import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { removeFolder } from "../../../test/support/remove-folder.js";
import { type Database, systemClock } from "../../platform/index.js";
import { storeOver } from "./index.js";
import { openStateDatabase } from "./open.js";

it("has the row from which an account goes on on the disk before the account is live", async () => {
  const folder = mkdtempSync(join(tmpdir(), "first-cursor-"));
  const path = join(folder, "state.db");
  const database = openStateDatabase(path);
  let mode = "";
  const modes: string[] = [];
  const watched: Database = {
    prepare: (sql) => database.prepare(sql),
    close: () => database.close(),
    exec: (sql) => {
      if (sql.startsWith("PRAGMA synchronous")) mode = sql.split(" ").at(-1)!;
      if (sql === "COMMIT") modes.push(mode);
      database.exec(sql);
    },
  };
  const store = storeOver(watched, path, systemClock);
  const { claim } = await store.accounts.claim("default", "node");
  modes.length = 0;
  await store.accounts.setCursor(claim, 12);
  expect(modes).toEqual(["FULL"]);
  await store.close();
  await removeFolder(folder);
});
