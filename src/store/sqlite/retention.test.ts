import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { directMessage } from "../../../test/support/message.js";
import { type Database, systemClock } from "../../platform/index.js";
import type { Claim } from "../claim.js";
import type { Store } from "../store.js";
import { storeOver } from "./index.js";
import { openStateDatabase } from "./open.js";

const folder = mkdtempSync(join(tmpdir(), "tapback-retention-"));
let database: Database;
let store: Store;
let claim: Claim;

beforeAll(async () => {
  const path = join(folder, "state.db");
  database = openStateDatabase(path);
  store = storeOver(database, path, systemClock);
  ({ claim } = await store.accounts.claim("default", "node"));
});

afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

it("forgets a long history in pieces, between which messages are taken in", async () => {
  const rows = Array.from({ length: 2600 }, (_, index) =>
    directMessage({ guid: `OLD-${index}`, rowId: index + 1 }),
  );
  await store.journal.admit(claim, rows, "live", 1000);
  database.exec("UPDATE journal SET state = 'done'");
  let isForgotten = false;
  const forgotten = store.journal.forget(2000).finally(() => {
    isForgotten = true;
  });
  await store.journal.admit(claim, [directMessage({ guid: "NEW", rowId: 9000 })], "live", 3000);
  expect(isForgotten).toBe(false);
  expect(await forgotten).toBe(2600);
  const left = database.prepare("SELECT guid FROM journal WHERE json_extract(body, '$.text') <> ''").all();
  expect(left.map(({ guid }) => guid)).toEqual(["NEW"]);
});
