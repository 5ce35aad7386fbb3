import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { removeFolder } from "../../../test/support/remove-folder.js";
import { type Database, systemClock } from "../../platform/index.js";
import type { Store } from "../store.js";
import { openStore, storeOver } from "./index.js";
import { openStateDatabase } from "./open.js";

let folder: string;
let path: string;
let store: Store;
/** What was carried out of the transactions of reads, in order. */
let said: string[];
/** Statements that fail, each as often as it stands here. */
let failing: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tapback-snapshot-"));
  path = join(folder, "state.db");
  said = [];
  failing = [];
  const database = openStateDatabase(path);
  const heard: Database = {
    exec: (sql) => database.exec(sql),
    close: () => database.close(),
    prepare(sql) {
      const statement = database.prepare(sql);
      if (sql !== "BEGIN" && sql !== "END") return statement;
      return {
        get: () => undefined,
        all: () => [],
        setReadBigInts() {},
        run() {
          const at = failing.indexOf(sql);
          if (at >= 0) failing.splice(at, 1);
          said.push(at < 0 ? sql : `${sql} fails`);
          if (at >= 0) throw new Error("disk I/O error");
          return statement.run();
        },
      };
    },
  };
  store = storeOver(heard, path, systemClock);
});
afterEach(async () => {
  await store.close();
  await removeFolder(folder);
});

const isApproved = () => store.pairing.isApproved("default", "+15550100123");
const later = () => new Promise((resolve) => setImmediate(resolve));

it("is one for reads that follow each other at once, and ended before anything else happens", async () => {
  await Promise.all([isApproved(), isApproved()]);
  await isApproved();
  expect(said).toEqual(["BEGIN"]);
  await later();
  expect(said).toEqual(["BEGIN", "END"]);
  await isApproved();
  expect(said).toEqual(["BEGIN", "END", "BEGIN"]);
});

it("ends before a commit, whose own reads need none", async () => {
  await isApproved();
  await store.pairing.admit("default", "+15550100123", 1);
  expect(said).toEqual(["BEGIN", "END"]);
  expect(await isApproved()).toBe(true);
});

it("sees what another process wrote since", async () => {
  const other = openStore(path);
  expect(await isApproved()).toBe(false);
  await other.pairing.admit("default", "+15550100123", 1);
  expect(await isApproved()).toBe(true);
  await other.close();
});

it("is ended by the next read or write where the disk did not let it end, and stops neither", async () => {
  failing = ["END"];
  await isApproved();
  await later();
  expect(await isApproved()).toBe(false);
  await later();
  expect(said).toEqual(["BEGIN", "END fails", "END"]);
  failing = ["END", "END"];
  await isApproved();
  await later();
  await expect(store.pairing.admit("default", "+15550100123", 1)).rejects.toMatchObject({
    code: "STORE_FULL",
  });
  expect(await isApproved()).toBe(false);
  await store.pairing.admit("default", "+15550100123", 1);
  expect(await isApproved()).toBe(true);
});

it("tells whoever reads where it cannot begin", async () => {
  failing = ["BEGIN"];
  await expect(isApproved()).rejects.toThrow("disk I/O error");
  expect(await isApproved()).toBe(false);
});
