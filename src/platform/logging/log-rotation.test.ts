import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { removeFolder } from "../../../test/support/remove-folder.js";
import { rotatedOutput } from "./log-rotation.js";

let folder: string;
let path: string;
let fd: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tapback-log-"));
  path = join(folder, "gateway.log");
  // As launchd opens it.
  fd = openSync(path, "a");
});
afterEach(async () => {
  closeSync(fd);
  await removeFolder(folder);
});

const line = `${"x".repeat(99)}\n`;
const output = () =>
  rotatedOutput({ write: (text) => void writeSync(fd, text) }, { path, fd, mostBytes: 100_000, kept: 2 });
const write = (lines: number) => {
  const { write: put } = output();
  for (let written = 0; written < lines; written += 1) put(line);
};
const sizeOf = (name: string) => readFileSync(join(folder, name), "utf8").length;

it("keeps a log small that is held open by others, and so many older ones", () => {
  write(5000);
  expect(sizeOf("gateway.log")).toBeLessThan(200_000);
  expect(readFileSync(join(folder, "gateway.log.1"), "utf8")).toMatch(/^(?:x{99}\n)+$/);
  expect(existsSync(join(folder, "gateway.log.2"))).toBe(true);
  expect(existsSync(join(folder, "gateway.log.3"))).toBe(false);
  // What is written next stands at the beginning, without a hole.
  expect(readFileSync(path, "utf8")).not.toContain("\0");
});

it("leaves a file alone that is not the one behind the descriptor", () => {
  renameSync(path, join(folder, "elsewhere"));
  writeSync(openSync(path, "a"), "somebody else's\n");
  write(5000);
  expect(readFileSync(path, "utf8")).toBe("somebody else's\n");
  expect(sizeOf("elsewhere")).toBe(500_000);
});
