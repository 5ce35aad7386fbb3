import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ContextBudget } from "./context-budget.js";
import { WorkspaceTexts } from "./workspace-texts.js";

let house: string;
let folder: string;
beforeEach(() => {
  house = mkdtempSync(join(tmpdir(), "tapback-texts-"));
  folder = join(house, "workspace");
  mkdirSync(folder);
});
afterEach(() => rmSync(house, { recursive: true }));

const write = (name: string, text: string | Buffer) => writeFileSync(join(folder, name), text);
const budgetOf = (size?: number) => new ContextBudget(async () => size, { now: () => 0 });

async function read(texts: WorkspaceTexts, withMemory = true, budget = budgetOf()) {
  const notes: string[] = [];
  return { texts: await texts.read(withMemory, budget, (text) => notes.push(text)), notes };
}

it("shows the three files in their order, and the memory only where it may be seen", async () => {
  write("MEMORY.md", "Mia likes tea.\n");
  write("SOUL.md", "\uFEFFBe kind.");
  write("AGENTS.md", "Answer in French.");
  write("NOTES.md", "not asked for");
  const texts = new WorkspaceTexts(folder);
  const all = [
    { name: "AGENTS.md", text: "Answer in French." },
    { name: "SOUL.md", text: "Be kind." },
    { name: "MEMORY.md", text: "Mia likes tea." },
  ];
  expect(await read(texts)).toEqual({ texts: all, notes: [] });
  expect(await read(texts, false)).toEqual({ texts: all.slice(0, 2), notes: [] });
});

it("says nothing of files that are not there or are empty, nor of a folder that is not there", async () => {
  write("AGENTS.md", " \n");
  expect(await read(new WorkspaceTexts(folder))).toEqual({ texts: [], notes: [] });
  expect(await read(new WorkspaceTexts(join(folder, "none")))).toEqual({ texts: [], notes: [] });
});

it("reads a file again when it has changed, and only then", async () => {
  const texts = new WorkspaceTexts(folder);
  write("AGENTS.md", "one");
  expect((await read(texts)).texts).toEqual([{ name: "AGENTS.md", text: "one" }]);
  expect((await read(texts)).texts).toEqual([{ name: "AGENTS.md", text: "one" }]);
  write("AGENTS.md", "two");
  utimesSync(join(folder, "AGENTS.md"), 1_700_000_000, 1_700_000_000);
  expect((await read(texts)).texts).toEqual([{ name: "AGENTS.md", text: "two" }]);
  rmSync(join(folder, "AGENTS.md"));
  expect((await read(texts)).texts).toEqual([]);
});

it("cuts what is too long, with a mark and a note", async () => {
  write("AGENTS.md", "a".repeat(3_000_000));
  write("SOUL.md", "é".repeat(8001));
  const { texts, notes } = await read(new WorkspaceTexts(folder));
  expect(texts.map(({ text }) => text.length)).toEqual([16_000, 8000]);
  expect(texts.every(({ text }) => text.endsWith("too long to be shown …]"))).toBe(true);
  expect(notes).toEqual([
    "AGENTS.md is longer than 16000 characters: its end is not shown to the model",
    "SOUL.md is longer than 8000 characters: its end is not shown to the model",
  ]);
});

it("shows a small model half of what it takes at most", async () => {
  write("AGENTS.md", "a".repeat(15_000));
  write("SOUL.md", "b".repeat(5000));
  const { texts, notes } = await read(new WorkspaceTexts(folder), true, budgetOf(4096));
  const length = texts.reduce((sum, { text }) => sum + text.length, 0);
  // Three quarters of it is for questions, at three bytes for a token.
  expect(length).toBeLessThanOrEqual(4096 * 0.75 * 3 * 0.5);
  expect(length).toBeGreaterThan(4000);
  expect(texts.map(({ name }) => name)).toEqual(["AGENTS.md", "SOUL.md"]);
  expect(notes.join()).toMatch(/in part/);
});

it("follows no link out of the workspace, and waits for no pipe", async () => {
  writeFileSync(join(house, "secret"), "the key is 42");
  symlinkSync(join(house, "secret"), join(folder, "AGENTS.md"));
  execFileSync("mkfifo", [join(folder, "SOUL.md")]);
  write("kept.md", "Mia likes tea.");
  linkSync(join(folder, "kept.md"), join(folder, "MEMORY.md"));
  const { texts, notes } = await read(new WorkspaceTexts(folder));
  expect(texts).toEqual([{ name: "MEMORY.md", text: "Mia likes tea." }]);
  expect(notes).toEqual([
    "AGENTS.md is not shown to the model: it is a link that leads out of the workspace",
    "SOUL.md is not shown to the model: it is not a plain file",
  ]);
});
