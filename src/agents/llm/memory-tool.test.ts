import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { fakeTurn } from "../../../test/support/agent-turn.js";
import { memoryTool } from "./memory-tool.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tapback-memory-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const memory = () => readFileSync(join(folder, "MEMORY.md"), "utf8");
const use = (input: unknown) => memoryTool(folder).run(input, fakeTurn("x"));

it("adds lines, replaces and removes passages, and leaves nothing else behind", async () => {
  await use({ add: "Mia likes tea." });
  await use({ add: "  Ben is her brother.\n" });
  expect(memory()).toBe("Mia likes tea.\nBen is her brother.\n");
  await use({ remove: "tea", add: "coffee $& now" });
  expect(memory()).toBe("Mia likes coffee $& now.\nBen is her brother.\n");
  await use({ remove: "Ben is her brother.\n" });
  expect(memory()).toBe("Mia likes coffee $& now.\n");
  expect(readdirSync(folder)).toEqual(["MEMORY.md"]);
  expect(statSync(join(folder, "MEMORY.md")).mode & 0o777).toBe(0o600);
});

it("goes on after what a person wrote without a line's end", async () => {
  writeFileSync(join(folder, "MEMORY.md"), "# Notes");
  await use({ add: "Mia likes tea." });
  expect(memory()).toBe("# Notes\nMia likes tea.\n");
});

it("notes nothing twice, so that a turn may run again", async () => {
  for (const _ of [1, 2]) await use({ add: "Mia likes tea." });
  for (const _ of [1, 2]) await use({ remove: "Mia likes tea.", add: "Mia likes coffee." });
  expect(memory()).toBe("Mia likes coffee.\n");
});

it("lets changes of turns side by side follow one another", async () => {
  const tool = memoryTool(folder);
  const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`);
  await Promise.all(lines.map((add) => tool.run({ add }, fakeTurn("x"))));
  expect(memory()).toBe(`${lines.join("\n")}\n`);
});

it("refuses what it cannot do", async () => {
  await use({ add: "x".repeat(7990) });
  const refused = (input: unknown) => expect(use(input)).rejects;
  await refused({}).toMatchObject({ code: "ACTION_PARAMETERS" });
  await refused({ add: " " }).toMatchObject({ code: "ACTION_PARAMETERS" });
  await refused({ remove: "tea" }).toThrow("MEMORY.md has no such passage");
  await refused({ add: "y".repeat(10) }).toThrow(/longer than 8000 characters/);
  expect(memory()).toBe(`${"x".repeat(7990)}\n`);
  rmSync(join(folder, "MEMORY.md"));
  symlinkSync(process.execPath, join(folder, "MEMORY.md"));
  await refused({ add: "Mia likes tea." }).toThrow(/leads out of the workspace/);
});
