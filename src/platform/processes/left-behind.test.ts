import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { systemClock } from "../clock.js";
import { endLeftBehind, readMark, writeMark } from "./left-behind.js";

let folder: string;
let child: ChildProcess;
let path: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "tapback-left-"));
  path = join(folder, "marks", "child.json");
  child = spawn("sleep", ["1000"], { detached: true, stdio: "ignore" });
  await new Promise((resolve) => child.once("spawn", resolve));
});
afterEach(() => {
  child.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

const end = (mark: { pid: number; stamp: string }) =>
  endLeftBehind(mark, {
    times: { patienceMs: 0, stepMs: 10_000 },
    clock: systemClock,
    signal: new AbortController().signal,
    what: "a program",
    log: () => {},
  });

it("ends the process that was written down", async () => {
  const ended = new Promise((resolve) => child.once("exit", (_, signal) => resolve(signal)));
  expect(await writeMark(path, child.pid!)).toBe(true);
  await end(readMark(path)!);
  expect(await ended).toBe("SIGTERM");
});

it("leaves a process alone that has the number by now", async () => {
  await writeMark(path, child.pid!);
  await end({ ...readMark(path)!, stamp: "another boot 1" });
  expect([child.exitCode, child.signalCode]).toEqual([null, null]);
});

it("writes down no process that is gone", async () => {
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await ended;
  expect(await writeMark(path, child.pid!)).toBe(false);
  expect(readMark(path)).toBeUndefined();
});

it.each([
  '{"pid":1,"stamp":"x"}',
  '{"pid":-5,"stamp":"x"}',
  '{"pid":5}',
  "null",
  "",
  '{"pid":"5","stamp":"x"}',
])("takes %s for no mark", (text) => {
  const file = join(folder, "odd.json");
  writeFileSync(file, text);
  expect(readMark(file)).toBeUndefined();
});
