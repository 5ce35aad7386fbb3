import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { toAppleTime, unixMs } from "./apple-time.js";
import { macosOf, openChatDb } from "./open.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "chat-db-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("makes a WAL database of the macOS that is asked for, and tells it by its columns", () => {
  for (const macos of ["15", "26"] as const) {
    const path = join(folder, `${macos}.db`);
    const db = openChatDb(path, macos);
    expect(db.prepare("PRAGMA journal_mode").get()?.journal_mode).toBe("wal");
    expect(macosOf(db)).toBe(macos);
    db.close();
    const again = openChatDb(path, "15");
    expect(macosOf(again)).toBe(macos);
    again.close();
  }
});

it("keeps nanoseconds beyond 2^53 exactly, and reads old seconds", () => {
  const db = openChatDb(join(folder, "chat.db"));
  const ms = Date.UTC(2026, 4, 9, 6, 13, 20, 123);
  const insert = db.prepare("INSERT INTO message (guid, date) VALUES (?, ?)");
  insert.run("A", toAppleTime(ms));
  insert.run("B", 300_000_000);
  const rows = db
    .prepare(`SELECT CAST(date AS TEXT) AS raw, ${unixMs("date")} AS ms FROM message ORDER BY guid`)
    .all();
  expect(rows[0]).toMatchObject({ raw: String((BigInt(ms) - 978_307_200_000n) * 1_000_000n), ms });
  expect(rows[1]).toMatchObject({ ms: (300_000_000 + 978_307_200) * 1000 });
  db.close();
});

it("takes an existing file as it is", () => {
  const path = join(folder, "chat.db");
  writeFileSync(path, "");
  const db = openChatDb(path);
  expect(() => db.prepare("SELECT * FROM message").all()).toThrow(/no such table/);
  db.close();
});
