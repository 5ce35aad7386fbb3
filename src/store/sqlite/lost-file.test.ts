import { copyFileSync, existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Store } from "../store.js";
import { openStore } from "./index.js";

let folder: string;
let path: string;
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "tapback-lost-"));
  path = join(folder, "state.db");
  store = openStore(path);
  await store.accounts.claim("default", "node");
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

it.each<[string, () => void]>([
  ["removed", () => rmSync(path)],
  [
    "replaced by a copy",
    () => {
      copyFileSync(path, `${path}.copy`);
      renameSync(`${path}.copy`, path);
    },
  ],
  ["emptied of its log", () => rmSync(`${path}-wal`)],
  [
    "given another log",
    () => {
      rmSync(`${path}-wal`);
      writeFileSync(`${path}-wal`, "");
    },
  ],
])("writes nothing into a file that was %s, and says so", async (_, lose) => {
  lose();
  await expect(store.accounts.claim("other", "node")).rejects.toMatchObject({ code: "STORE_LOST" });
  expect((await store.probe()).error).toMatchObject({
    code: "STORE_LOST",
    hint: expect.stringContaining("back"),
  });
  expect(existsSync(`${path}.copy`)).toBe(false);
});

it("goes on when the file is back, and knows when it was last written", async () => {
  renameSync(path, `${path}.away`);
  expect((await store.probe()).error?.code).toBe("STORE_LOST");
  renameSync(`${path}.away`, path);
  const { error, writtenAt } = await store.probe();
  expect([error, typeof writtenAt]).toEqual([undefined, "number"]);
  await store.accounts.claim("other", "node");
});

it("does not take what a write itself refuses for a fault of the disk", async () => {
  await store.journal.reopen([1], "retry").catch(() => {});
  expect(store.health().error).toBeUndefined();
});
