import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { afterAll, expect, it } from "vitest";
import { fileOutput, streamOutput } from "./log-outputs.js";

const folder = mkdtempSync(join(tmpdir(), "tapback-log-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("tells once that a file cannot be written, and writes it when it can be", () => {
  const path = join(folder, "taken");
  mkdirSync(path);
  const told: string[] = [];
  const output = fileOutput(path, (message) => told.push(message));
  output.write("one\n");
  output.write("two\n");
  expect(told).toEqual([expect.stringContaining("logging.file cannot be written: EISDIR")]);
  rmSync(path, { recursive: true });
  output.write("three\n");
  expect(readFileSync(path, "utf8")).toBe("three\n");
});

it("makes the folder of its file, and a new file where the old one was moved away", () => {
  const path = join(folder, "logs/of/tapback.log");
  const output = fileOutput(path, () => {});
  output.write("one\n");
  renameSync(path, `${path}.1`);
  output.write("two\n");
  expect(readFileSync(path, "utf8")).toBe("two\n");
});

it("keeps no more than a megabyte for a reader who has stopped", () => {
  const stuck = new Writable({ write: () => {}, decodeStrings: false });
  const output = streamOutput(stuck as unknown as NodeJS.WriteStream);
  for (let line = 0; line < 3000; line += 1) output.write(`${"x".repeat(999)}\n`);
  expect(stuck.writableLength).toBe(1_000_000);
});
