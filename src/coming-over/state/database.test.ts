import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openDatabase } from "../../platform/index.js";
import { importFrom } from "../index.js";

let home: string;
const path = () => join(home, ".openclaw/state/openclaw.sqlite");

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "tapback-import-state-"));
  mkdirSync(join(home, ".openclaw/state"), { recursive: true });
  mkdirSync(join(home, ".openclaw/credentials"));
  writeFileSync(
    join(home, ".openclaw/openclaw.json"),
    "{ channels: { imessage: { accounts: { default: {}, work: {} } } } }",
  );
  // Since there is the table, this file of an earlier release counts no more.
  writeFileSync(
    join(home, ".openclaw/credentials/imessage-allowFrom.json"),
    JSON.stringify({ version: 1, allowFrom: ["+15550100999"] }),
  );
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** The tables of OpenClaw 2026.9.6, with those columns that tell who was approved and where catch-up stood. */
function makeDatabase(): void {
  const database = openDatabase(path());
  database.exec(`
    CREATE TABLE channel_pairing_allow_entries (channel_key TEXT NOT NULL, account_id TEXT NOT NULL, entry TEXT NOT NULL,
      sort_order INTEGER NOT NULL, updated_at INTEGER NOT NULL, PRIMARY KEY (channel_key, account_id, entry)) STRICT;
    CREATE TABLE plugin_state_entries (plugin_id TEXT NOT NULL, namespace TEXT NOT NULL, entry_key TEXT NOT NULL,
      value_json TEXT NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER,
      PRIMARY KEY (plugin_id, namespace, entry_key)) STRICT;
  `);
  const allow = database.prepare("INSERT INTO channel_pairing_allow_entries VALUES (?, ?, ?, ?, 0)");
  allow.run("imessage", "default", "+15550100001", 0);
  allow.run("imessage", "work", "kim@example.com", 0);
  allow.run("imessage", "work", "*", 1);
  allow.run("telegram", "default", "5", 0);
  const key = createHash("sha256").update("work").digest("hex").slice(0, 32);
  database
    .prepare(
      "INSERT INTO plugin_state_entries VALUES ('imessage', 'imessage.catchup-cursors', ?, ?, 0, NULL)",
    )
    .run(key, JSON.stringify({ lastSeenMs: 5000, lastSeenRowid: 70, updatedAt: 6000 }));
  database.close();
}

it("reads who was approved and where catch-up stood from OpenClaw's database, and changes nothing in it", async () => {
  makeDatabase();
  const before = readFileSync(path());
  const result = await importFrom({ env: {}, home });
  if (!result.ok) throw result.error;
  expect(result.value.approved).toEqual([
    { account: "default", handle: "+15550100001" },
    { account: "work", handle: "kim@example.com" },
  ]);
  expect(result.value.cursors).toEqual([
    { account: "work", lastSeenMs: 5000, lastSeenRowid: 70, updatedAt: 6000, failureRetries: {} },
  ]);
  expect(result.value.access).toEqual({ gained: [], lost: [] });
  expect(readFileSync(path()).equals(before)).toBe(true);
});

it("tells that the approvals are lost where the database cannot be read", async () => {
  writeFileSync(path(), "this is no database, however long the text of it may be");
  const result = await importFrom({ env: {}, home });
  if (!result.ok) throw result.error;
  expect(result.value.approved).toEqual([]);
  expect(result.value.access.lost[0]).toMatch(
    /^everyone who was approved by pairing alone: .*cannot be read/,
  );
});

it("gives Clawdbot's one list of approvals to every account", async () => {
  const old = join(home, "clawdbot.json");
  writeFileSync(old, "{ imessage: { accounts: { home: {}, work: {} } } }");
  mkdirSync(join(home, "credentials"));
  writeFileSync(join(home, "credentials/imessage-allowFrom.json"), '{ "allowFrom": ["+15550100001"] }');
  const result = await importFrom({ env: {}, home, file: old });
  if (!result.ok) throw result.error;
  expect(result.value.approved).toEqual([
    { account: "home", handle: "+15550100001" },
    { account: "work", handle: "+15550100001" },
  ]);
});
