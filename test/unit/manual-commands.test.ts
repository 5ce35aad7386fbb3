import type { Command } from "commander";
import type { Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { expect, it } from "vitest";
import { build } from "../../src/cli/program.js";
import { projectFiles } from "../support/project-files.js";

const program = build([], () => async () => {});
const pages = projectFiles([".md"]).filter(
  ({ path }) => path === "README.md" || (path.startsWith("docs/") && !/^docs\/(spec|adr)\//.test(path)),
);

/** What a page shows as code: its blocks line by line, and what stands in a line. */
function codeIn(node: Nodes): string[] {
  if (node.type === "inlineCode") return [node.value.replace(/\s+/g, " ")];
  if (node.type === "code") return node.value.split("\n");
  return "children" in node ? node.children.flatMap(codeIn) : [];
}

/** The command lines of `tapback` in a piece of code, without comments and what comes after a pipe. */
function typed(code: string): string[] {
  return (
    code
      .replace(/^\$ /, "")
      .split(/ # | +#|&&|(?<=\s)\|(?=\s)/)
      .map((part) => part.trim())
      // `imsg-sim tapback --from H …` is a command of the simulator.
      .filter((part) => /^tapback( (?!--from)|$)/.test(part))
  );
}

/** @returns what of a command line this program does not know */
function unknown(line: string): string[] {
  const [, ...words] = line.split(" ");
  let commands: Command[] = [program];
  for (const word of words) {
    if (commands.every(({ commands: below }) => below.length === 0)) break;
    const names = word.replaceAll("\\", "").split("|");
    if (!/^[a-z-]+$/.test(names[0]!) || names[0]!.startsWith("-")) break;
    const found = names.map((name) =>
      commands.flatMap((one) => one.commands).find((one) => one.name() === name),
    );
    if (found.includes(undefined)) return [`${line}: no command ${word}`];
    commands = found as Command[];
  }
  const known = [program, ...commands].flatMap(({ options }) => options.map(({ long }) => long));
  return [...line.matchAll(/(?<=[\s[|])--[a-z][a-z-]*/g)]
    .map(([option]) => option)
    .filter((option) => !known.includes(option) && option !== "--help")
    .map((option) => `${line}: no option ${option}`);
}

it("knows every command and option that the manual shows", () => {
  const lines = pages.flatMap(({ path, text }) =>
    codeIn(fromMarkdown(text))
      .flatMap(typed)
      .map((line) => ({ path, line })),
  );
  expect(lines.length).toBeGreaterThan(100);
  expect(lines.flatMap(({ path, line }) => unknown(line).map((problem) => `${path}: ${problem}`))).toEqual(
    [],
  );
});
