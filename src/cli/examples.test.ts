import type { Command } from "commander";
import { expect, it } from "vitest";
import { examples } from "./examples.js";
import { actionExamples } from "./message-commands.js";
import { build } from "./program.js";

const all = { ...examples, ...actionExamples() };

function paths(command: Command, above: string[] = []): string[] {
  return command.commands.flatMap((child) => {
    const path = [...above, child.name()];
    return child.commands.length > 0 ? paths(child, path) : [path.join(" ")];
  });
}

it("every command shows examples of itself, and none is shown of a command that is not there", async () => {
  const typed = paths(await build([], () => async () => {}));
  expect(Object.keys(all).sort()).toEqual(typed.sort());
  for (const [path, lines] of Object.entries(all))
    for (const line of lines) expect(line).toMatch(new RegExp(`(^|[A-Z]\\S* )tapback ${path}( |$)`));
});

it("the options of every example exist", async () => {
  for (const [path, lines] of Object.entries(all)) {
    const program = await build([], () => async () => {});
    const command = path
      .split(" ")
      .reduce((parent, name) => parent.commands.find((child) => child.name() === name)!, program);
    for (const option of lines.join(" ").match(/ --[a-z-]+/g) ?? [])
      expect(command.options.map(({ long }) => long)).toContain(option.trim());
  }
});
