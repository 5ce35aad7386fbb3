import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Database, systemClock } from "../../src/platform/index.js";
import { openStore, type Store } from "../../src/store/index.js";
import { storeOver } from "../../src/store/sqlite/index.js";
import { openStateDatabase } from "../../src/store/sqlite/open.js";
import { storeContract } from "../contract/store.js";
import { wholeReads } from "../support/query-plans.js";

/** Every statement that the contract has the store prepare. */
const prepared = new Set<string>();

/** A state in which nothing happened yet: to copy it costs a tenth of making its tables, and two hundred tests want one. */
const empty = join(mkdtempSync(join(tmpdir(), "tapback-store-")), "state.db");
beforeAll(() => openStore(empty).close({ settle: true }));
afterAll(() => rmSync(dirname(empty), { recursive: true }));

function openHeard(path: string): Store {
  if (!existsSync(path)) copyFileSync(empty, path);
  const database = openStateDatabase(path);
  const heard: Database = {
    prepare: (sql) => {
      prepared.add(sql);
      return database.prepare(sql);
    },
    exec: (sql) => database.exec(sql),
    close: () => database.close(),
  };
  return storeOver(heard, path, systemClock);
}

describe("the SQLite store", () => storeContract(openHeard));

/** Reads of a table that may be long, by why they may. */
const mayRead: Record<string, RegExp> = {
  "it goes from the newest or oldest rows to the last that fits":
    /^SCAN (journal|outbox): SELECT (outbox\.)?\* FROM (journal|outbox) (WHERE .*)?ORDER BY (outbox\.)?id (DESC|ASC) LIMIT \?2?$/,
  "it takes some of the newest":
    /FROM (journal WHERE \+account = \?|action) ORDER BY id DESC LIMIT (\?|500)\)/,
  "the lowest number of a chat stands first":
    /COVERING INDEX journal_chat \(account=\?\): WITH RECURSIVE chat \(id\)/,
  "it happens once, when the database of Messages is another one":
    /^SEARCH outbox .*UPDATE outbox SET floor_row = \?1/,
  "the accounting of tests counts every row":
    /count\(\*\) AS count FROM journal WHERE account = \? GROUP BY 1, 2, 3$/,
  "all that is kept of a person is looked for, at the command line":
    /SELECT sender AS handle FROM journal UNION|sender IN \(SELECT value FROM json_each|AS other FROM journal WHERE own = 1|'\$\.sender\.handle' IN|UNION SELECT account, chat_key FROM draft|AS chat WHERE chat\.value|AS untold FROM turn|AS handle WHERE instr|'\$\.replyTo\.sender' IN|SET session_key = 'forgotten'/,
};

it("reads no history whole but where that is what is asked for", () => {
  const folder = mkdtempSync(join(tmpdir(), "tapback-store-"));
  const database = openStateDatabase(join(folder, "state.db"));
  const reads = [...prepared]
    .filter((sql) => /^\s*(SELECT|UPDATE|DELETE|INSERT|WITH)/.test(sql))
    .flatMap((sql) => wholeReads(database, sql).map((step) => `${step}: ${sql.replace(/\s+/g, " ")}`));
  database.close();
  rmSync(folder, { recursive: true });
  expect(prepared.size).toBeGreaterThan(200);
  expect(reads.filter((read) => !Object.values(mayRead).some((fits) => fits.test(read)))).toEqual([]);
});

it("leaves everything in one file at the end of a gateway", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tapback-store-"));
  const store = openStore(join(folder, "state.db"));
  await store.pairing.admit("default", "+15550100123", 1000);
  await store.close({ settle: true });
  copyFileSync(join(folder, "state.db"), join(folder, "copy.db"));
  const copy = openStore(join(folder, "copy.db"));
  expect(await copy.pairing.isApproved("default", "+15550100123")).toBe(true);
  await copy.close();
  rmSync(folder, { recursive: true });
});
