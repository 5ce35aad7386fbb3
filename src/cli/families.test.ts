import type { Command } from "commander";
import { expect, it } from "vitest";
import { families, familyOf } from "./families.js";
import { build } from "./program.js";

const wrap = () => async () => {};
const namesOf = (program: Command) => program.commands.map((child) => child.name());
const whole = await build([], wrap);

it("finds the family of a command before any other option than those of every command", () => {
  const [first] = families.filter(({ names }) => names.includes("pairing"));
  for (const words of [
    ["pairing"],
    ["pairing", "list", "--help"],
    ["--json", "pairing", "list"],
    ["--config", "inbox", "pairing"],
    ["--config=inbox", "--json", "pairing"],
  ])
    expect(familyOf(words), words.join(" ")).toBe(first);
  for (const words of [
    [],
    ["--help", "pairing"],
    ["help", "pairing"],
    ["completion", "bash"],
    ["parings"],
    ["--config"],
    ["--config", "pairing"],
    ["toString"],
  ])
    expect(familyOf(words), words.join(" ")).toBeUndefined();
});

it("builds of a family what the whole tree has of it, and nothing else", async () => {
  expect(namesOf(whole)).toEqual([...families.flatMap(({ names }) => names), "completion", "help"]);
  for (const { names } of families)
    for (const name of names) {
      const alone = await build([name], wrap);
      expect(namesOf(alone)).toEqual(names);
      expect(helpsOf(alone, name)).toEqual(helpsOf(whole, name));
    }
});

/** The help of a command and of all below it, as it is written with its examples. */
function helpsOf(program: Command, name: string): string[] {
  const texts: string[] = [];
  const visit = (command: Command) => {
    command.configureOutput({ writeOut: (text) => texts.push(text), getOutHelpWidth: () => 120 });
    command.outputHelp();
    command.commands.forEach(visit);
  };
  visit(program.commands.find((child) => child.name() === name)!);
  return texts;
}
