import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openDatabase } from "./sqlite.js";

test("a database that is closed within a transaction takes its words back, and lets another one write", () => {
  const folder = mkdtempSync(join(tmpdir(), "tapback-sqlite-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "a.db");
  const first = openDatabase(path);
  first.exec("PRAGMA journal_mode = WAL; CREATE TABLE note (text); BEGIN IMMEDIATE");
  const insert = first.prepare("INSERT INTO note VALUES (?)");
  insert.run("of the one that is closed");
  first.close();

  const second = openDatabase(path, { busyTimeoutMs: 0 });
  onTestFinished(() => second.close());
  second.prepare("INSERT INTO note VALUES (?)").run("of the next");
  const texts = second.prepare("SELECT text FROM note").all();
  expect(texts.map(({ text }) => text)).toEqual(["of the next"]);
  expect(() => insert.run("late")).toThrow();
});
