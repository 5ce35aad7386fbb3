import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { build } from "../../src/cli/program.js";
import { reasons, reasonText } from "../../src/conversation/index.js";
import { errorTexts } from "../../src/platform/error-codes/index.js";

const source = join(import.meta.dirname, "../../src");
const program = await build([], () => async () => {});

/** What stands in backticks in a text. */
const quotedIn = (text: string) => [...text.matchAll(/`([^`\n]+)`/g)].map(([, command]) => command!);

/** Hints of errors in the source; names that are filled in stand as one word. */
function hints(): string[] {
  return readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && !file.startsWith("simulator"))
    .flatMap((file) => [
      ...readFileSync(join(source, file), "utf8")
        .replace(/^\s*(\/\*\*|\*|\/\/).*$/gm, "")
        .matchAll(/(?<=\\?`)(tapback [a-z][^`\\\n]*)(?=\\?`)/g),
    ])
    .map(([command]) => command.replace(/\$\{[^}]*\}/g, "X"));
}

const remedies = [
  ...Object.values(errorTexts).map(({ remedy }) => remedy),
  ...reasons.map((reason) => reasonText(reason).remedy),
];
const commands = [...new Set([...remedies.flatMap(quotedIn), ...hints()])];
/** Words for what the person fills in. */
const isBlank = (word: string) => /^(<.*>|…|[A-Z_]+|\[.*\])$/.test(word);

/** @returns what a command line of ours names that is not there */
function unknownIn(line: string): string[] {
  let command: Command = program;
  const unknown: string[] = [];
  const words = line.split(/\s+/).slice(1);
  for (const [place, word] of words.entries()) {
    const child = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
    if (child) command = child;
    else if (word.startsWith("--")) {
      const name = word.split("=")[0];
      const options = [...command.options, ...program.options].map(({ long }) => long);
      if (name !== "--help" && !options.includes(name)) unknown.push(word);
    } else if (command.commands.length > 0 && !isBlank(word) && !word.includes("|"))
      unknown.push(`${word} (word ${place + 1})`);
  }
  return unknown.map((word) => `${line}: ${word}`);
}

describe("the commands that remedies print", () => {
  it("are found, in the table and in the source", () => {
    expect(commands.filter((command) => command.startsWith("tapback ")).length).toBeGreaterThan(40);
  });

  it("of tapback exist, with their options", () => {
    expect(commands.filter((command) => command.startsWith("tapback ")).flatMap(unknownIn)).toEqual([]);
  });

  it("of ssh name the host in a way that is filled in", () => {
    const ssh = commands.filter((command) => /^(exec )?ssh/.test(command));
    expect(
      ssh.filter(
        (command) =>
          !/^(exec ssh -T HOST \S*imsg "\$@"|ssh (-T )?HOST\b.*|ssh-keygen -R HOST)$/.test(command),
      ),
    ).toEqual([]);
  });
});
