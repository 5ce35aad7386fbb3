import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { commandHere } from "../support/command-here.js";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "tapback-options-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const tapback = (...words: string[]) => commandHere(words, { HOME: home, PATH: "/usr/bin:/bin" });
const url = "http://localhost:1234/v1";

it.each([
  [["init", "--yes", "--base-url", url], "--base-url"],
  [["init", "--yes", "--acp", "codex", "--base-url", url], "--base-url"],
  [["init", "--yes", "--agent", "cat", "--base-url", url], "--base-url"],
  [["report", "--wrong", "12"], "--wrong"],
])("%j is refused: the option does nothing without another one", async (words, option) => {
  const { code, stdout } = await tapback(...words, "--json");
  expect([code, JSON.parse(stdout).error]).toEqual([
    2,
    expect.objectContaining({ code: "USAGE", message: expect.stringContaining(option) }),
  ]);
  expect(readdirSync(home)).toEqual([]);
});

it("takes the address of a model with the model", async () => {
  const model = ["--model", "house/qwen3", "--base-url", url];
  const { code } = await tapback("init", "--yes", ...model, "--no-try", "--json");
  expect([code, existsSync(join(home, ".tapback/tapback.json5"))]).toEqual([0, true]);
});
