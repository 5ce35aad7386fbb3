import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { directMessage } from "../../../test/support/message.js";
import { removeFolder } from "../../../test/support/remove-folder.js";
import { type Database, systemClock } from "../../platform/index.js";
import type { Claim } from "../claim.js";
import type { Store } from "../store.js";
import { storeOver } from "./index.js";
import { openStateDatabase } from "./open.js";

let folder: string;
let store: Store;
let claim: Claim;
/** Statements that fail, each as often as it stands here. */
let failing: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "tapback-left-open-"));
  failing = [];
  const path = join(folder, "state.db");
  const database = openStateDatabase(path);
  const faulty: Database = {
    prepare: (sql) => database.prepare(sql),
    close: () => database.close(),
    exec(sql) {
      const at = failing.indexOf(sql);
      if (at < 0) return database.exec(sql);
      failing.splice(at, 1);
      throw new Error("disk I/O error");
    },
  };
  store = storeOver(faulty, path, systemClock);
  ({ claim } = await store.accounts.claim("default", "node"));
});
afterEach(async () => {
  await store.close();
  await removeFolder(folder);
});

const admit = () => store.journal.admit(claim, [directMessage({ guid: "ROW" })], "live", 1);
const unfinished = async () => (await store.journal.unfinished("default")).map(({ row }) => row.guid);

it("shows nobody what was not kept and could not be undone", async () => {
  failing = ["COMMIT", "ROLLBACK"];
  await expect(admit()).rejects.toMatchObject({ code: "STORE_FULL" });
  expect(await unfinished()).toEqual([]);
  await admit();
  expect(await unfinished()).toEqual(["ROW"]);
});

it("says what is wrong where it still cannot be undone, and goes on afterwards", async () => {
  failing = ["COMMIT", "ROLLBACK", "ROLLBACK", "ROLLBACK"];
  await expect(admit()).rejects.toMatchObject({ code: "STORE_FULL" });
  await expect(unfinished()).rejects.toMatchObject({ code: "STORE_FULL" });
  await expect(admit()).rejects.toMatchObject({ code: "STORE_FULL" });
  await admit();
  expect(await unfinished()).toEqual(["ROW"]);
});
