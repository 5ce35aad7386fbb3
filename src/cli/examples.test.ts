import type { Command } from "commander";
import { expect, it } from "vitest";
import { examples } from "./examples.js";
import { build } from "./program.js";

function paths(command: Command, above: string[] = []): string[] {
  return command.commands.flatMap((child) => {
    const path = [...above, child.name()];
    return child.commands.length > 0 ? paths(child, path) : [path.join(" ")];
  });
}

it("every command shows examples of itself, and none is shown of a command that is not there", () => {
  const typed = paths(build([], () => async () => {}));
  expect(Object.keys(examples).sort()).toEqual(typed.sort());
  for (const [path, lines] of Object.entries(examples))
    for (const line of lines) expect(line).toMatch(new RegExp(`(^|[A-Z]\\S* )tapback ${path}( |$)`));
});

it("the options of every example exist", () => {
  for (const [path, lines] of Object.entries(examples)) {
    const program = build([], () => async () => {});
    const command = path
      .split(" ")
      .reduce((parent, name) => parent.commands.find((child) => child.name() === name)!, program);
    for (const option of lines.join(" ").match(/ --[a-z-]+/g) ?? [])
      expect(command.options.map(({ long }) => long)).toContain(option.trim());
  }
});
