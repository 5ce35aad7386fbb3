import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { isFolder, makeFolder } from "./folder.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tapback-folder-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("makes what is missing, for its owner alone, and takes what is there", () => {
  makeFolder(join(folder, "a/b/c"));
  makeFolder(join(folder, "a/b/c"));
  for (const path of ["a", "a/b", "a/b/c"]) expect(statSync(join(folder, path)).mode & 0o777).toBe(0o700);
});

it("says why it cannot", () => {
  writeFileSync(join(folder, "file"), "");
  expect(() => makeFolder(join(folder, "file/a"))).toThrow("ENOTDIR");
  expect(() => makeFolder(join(folder, "file"))).toThrow("EEXIST");
});

it("knows a folder, and takes what cannot be looked at for none", () => {
  writeFileSync(join(folder, "file"), "");
  const paths = [".", "file", "none", "file/below", "x".repeat(300)];
  expect(paths.filter((path) => isFolder(join(folder, path)))).toEqual(["."]);
});

it.runIf(existsSync("/proc/self"))("ends where nothing can be made", () => {
  expect(() => makeFolder("/proc/tapback/state")).toThrow("ENOENT");
});
