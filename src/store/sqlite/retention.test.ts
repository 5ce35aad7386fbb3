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
import { slice } from "./retention.js";

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

it("looks through no more than a slice between two rests, and begins no more when it is told so", async () => {
  const rows = Array.from({ length: 3 * slice }, (_, index) =>
    directMessage({ guid: `SLICE-${index}`, rowId: 10_000 + index }),
  );
  await store.journal.admit(claim, rows, "live", 4000);
  database.exec("UPDATE journal SET state = 'done'");
  const kept = () =>
    Number(
      database.prepare("SELECT count(*) AS count FROM journal WHERE body ->> 'text' <> ''").get()!.count,
    );
  const left: number[] = [];
  const forgotten = store.journal.forget(5000, async () => left.push(kept()) < 4);
  const first = 3 * slice + 1;
  expect(await forgotten).toBe(first - kept());
  // The one that came after the others, then the slices, until the fourth rest said no.
  expect(left).toHaveLength(4);
  const pieces = left.slice(1).map((count, index) => left[index]! - count);
  expect(Math.max(...pieces)).toBeLessThanOrEqual(slice);
  expect(left[0]! - left.at(-1)!).toBeGreaterThan(slice);
  expect(kept()).toBe(left.at(-1));
});

it("forgets events in slices, and says up to where", async () => {
  database.exec(
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200) INSERT INTO event (account, type, at, facts) SELECT 'default', 'health', i, '{}' FROM n",
  );
  const count = () => Number(database.prepare("SELECT count(*) AS count FROM event").get()!.count);
  const left: number[] = [];
  expect(await store.events.forget(1101, async () => left.push(count()) > 0)).toBe(1100);
  expect(left).toEqual([1200, 700, 200]);
  expect(count()).toBe(100);
  expect(database.prepare("SELECT up_to FROM event_gap").get()!.up_to).toBe(
    Number(database.prepare("SELECT min(id) AS first FROM event").get()!.first) - 1,
  );
});
