import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { knownAgents } from "./registry.js";

const manual = readFileSync(join(import.meta.dirname, "../../../docs/agents.md"), "utf8");

it.each(["claude", "codex", "gemini", "opencode", "qwen"])("says of %s what the manual says", (name) => {
  const { login, keys = [], node } = knownAgents[name]!;
  const row = manual.split("\n").find((line) => line.startsWith(`| \`${name}\` |`))!;
  expect(row).toContain(login.replace(" how to sign in", ""));
  for (const key of keys) expect(row).toContain(`\`${key}\``);
  expect(row).toMatch(new RegExp(`\\| ${node} \\|$`));
});
