import { expect, it } from "vitest";
import { projectFiles } from "../../test/support/project-files.js";
import { isOurs, isWorkFolder } from "./state-files.js";

it("knows every name that some code gives to what is in the state directory", () => {
  const written = projectFiles([".ts"])
    .filter(({ path }) => /^src\/(?!coming-over|testing|simulator)/.test(path) && !path.endsWith(".test.ts"))
    .flatMap(({ text }) => [...text.matchAll(/join\([\w.#]*[sS]tateDir(?:\([\w.]+\))?, "([^"]+)"/g)])
    .map(([, name]) => name!);
  expect(written.length).toBeGreaterThan(10);
  expect([...new Set(written)].filter((name) => !isOurs(name, "all"))).toEqual([]);
});

it.each([
  ["state.db-wal", "messages"],
  ["state.db-wal.before-2026-07-31-09-00-00", "messages"],
  ["state.db.copy-journal", "messages"],
  ["gateway.log.2", "messages"],
  ["gateway.lock-journal", "messages"],
  ["alerts.json", "messages"],
  [".0123456789ab.tmp", "messages"],
  [".restore-aB3xYz", "messages"],
  ["tapback.json5.bak", "all"],
  ["tapback.json5.before-2026-07-31-09-00-00", "all"],
  ["env.lock", "all"],
  ["env.before-2026-07-31-09-00-00", "all"],
  ["console.key", "all"],
] as const)("takes %s for ours, with the %s", (name, of) => {
  expect([isOurs(name, "messages"), isOurs(name, "all")]).toEqual([of === "messages", true]);
});

it.each([
  "backup-260731",
  "backup-2026-07.tar.gz",
  "restore-notes",
  "state.db.mine",
  "gateway.txt",
  "tapback.json5.old",
  "environment",
  ".backup-2026-07.tar.gz",
])("leaves %s to whoever put it there", (name) => {
  expect([isOurs(name, "all"), isWorkFolder(name)]).toEqual([false, false]);
});
