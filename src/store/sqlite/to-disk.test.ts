import { mkdtempSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { removeFolder } from "../../../test/support/remove-folder.js";
import { type Database, systemClock } from "../../platform/index.js";
import type { NewOutboxItem } from "../outbox.js";
import type { Store } from "../store.js";
import { openStore, storeOver } from "./index.js";
import { openStateDatabase } from "./open.js";

let folder: string;
let path: string;
let store: Store;
/** How the last commits were made, and how much each wrote to the log, in bytes. */
let commits: { synchronous: string; wrote: number }[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tapback-to-disk-"));
  path = join(folder, "state.db");
  commits = [];
  const database = openStateDatabase(path);
  const logged = () => statSync(`${path}-wal`).size;
  let synchronous = "FULL";
  const heard: Database = {
    prepare: (sql) => database.prepare(sql),
    close: () => database.close(),
    exec(sql) {
      const before = logged();
      database.exec(sql);
      synchronous = /^PRAGMA synchronous = (\w+)/.exec(sql)?.[1] ?? synchronous;
      if (sql === "COMMIT") commits.push({ synchronous, wrote: logged() - before });
    },
  };
  store = storeOver(heard, path, systemClock);
});
afterEach(async () => {
  await store.close();
  await removeFolder(folder);
});

it("forces what was committed before by a commit that writes something, once", async () => {
  const made = () => commits.splice(0).map(({ synchronous }) => synchronous);
  await store.toDisk();
  made();
  await store.events.follow("reader", 1);
  expect(made()).toEqual(["NORMAL"]);
  await store.toDisk();
  expect(commits[0]!.wrote).toBeGreaterThan(0);
  await store.toDisk();
  expect(made()).toEqual(["FULL"]);
});

it("forces what a process that died before left, and what another one commits", async () => {
  const other = openStore(path);
  await other.events.follow("reader", 1);
  await store.toDisk();
  await store.toDisk();
  expect(commits.map(({ synchronous }) => synchronous)).toEqual(["FULL"]);
  await other.events.follow("another", 2);
  await store.toDisk();
  await store.toDisk();
  expect(commits.map(({ synchronous }) => synchronous)).toEqual(["FULL", "FULL"]);
  await other.close();
});

it("has nothing to do after a commit that was forced", async () => {
  await store.toDisk();
  await store.pairing.admit("default", "+15550100123", 1);
  const before = commits.length;
  expect(commits.at(-1)!.synchronous).toBe("FULL");
  await store.toDisk();
  expect(commits).toHaveLength(before);
});

it("forces events before they are told: after a power cut another one would have the id", async () => {
  await store.events.follow("reader", 1);
  await store.events.noteHealth("default", { state: "live" }, 2);
  const page = await store.events.after(0, { limit: 10 });
  expect(page.events.map(({ type }) => type)).toEqual(["health"]);
  expect(commits.at(-1)!.synchronous).toBe("FULL");
  await store.events.noteHealth("default", { state: "down" }, 3);
  expect(await store.events.newest()).toBe(page.events[0]!.id + 1);
  expect(commits.at(-1)!.synchronous).toBe("FULL");
});

it("forces an action that Messages is asked for next, and leaves a send to its own time", async () => {
  const act = (name: string, sends: NewOutboxItem[]) =>
    store.actions.begin(
      { account: "default", turnId: "t1", chat: "chat:7", name, parameters: {} },
      0,
      sends,
      1,
    );
  await act("react", []);
  expect(commits.at(-1)!.synchronous).toBe("FULL");
  await act("reply", [
    { target: { kind: "chat_id", chatId: 7 }, chatKey: "chat:7", origin: "turn", text: "yes" },
  ]);
  expect(commits.at(-1)!.synchronous).toBe("NORMAL");
});

it("finds out whether a write is kept without a change of the schema's number", async () => {
  const database = openStateDatabase(path);
  const number = () => database.prepare("PRAGMA user_version").get()!.user_version;
  const newer = Number(number()) + 1;
  database.exec(`PRAGMA user_version = ${newer}`);
  expect((await store.probe()).error).toBeUndefined();
  expect(commits.at(-1)!.wrote).toBeGreaterThan(0);
  expect(number()).toBe(newer);
  database.close();
});
