import type { Command, CommanderError } from "commander";
import { TapbackError } from "../platform/index.js";
import { otherWord } from "./other-words.js";

const howItIsUsed = "Run it with --help to see how it is used.";

/**
 * Makes of commander's complaint what every other error looks like; its guess at what was meant goes into the hint.
 * @param words what was typed
 */
export function usageError({ code, message }: CommanderError, words: readonly string[]): TapbackError {
  const [first = "", ...rest] = message.replace(/^error: /, "").split("\n");
  const near = rest.join(" ").replace(/^\((.*)\)$/, "$1");
  const isNoCommand = code === "commander.unknownCommand" || code === "commander.excessArguments";
  const other = isNoCommand ? otherWord(words) : undefined;
  if (other !== undefined)
    return new TapbackError("USAGE", first, { hint: `Here it is \`tapback ${other}\`.` });
  return new TapbackError("USAGE", first, { hint: near ? `${near} ${howItIsUsed}` : howItIsUsed });
}

/** For a command that only holds others. */
export function neededCommand(command: Command): TapbackError {
  return new TapbackError("USAGE", `${command.name()} needs one of ${namesUnder(command)}`, {
    hint: howItIsUsed,
  });
}

/** @returns the innermost command that was typed; words that are none, as options' values, are passed over */
export function commandIn(program: Command, words: readonly string[]): Command {
  return words.reduce((command, word) => childOf(command, word) ?? command, program);
}

/** @throws `USAGE` for a word that names no command */
export function commandNamed(program: Command, path: readonly string[]): Command {
  return path.reduce((command, word) => {
    const child = childOf(command, word);
    if (child) return child;
    throw new TapbackError("USAGE", `unknown command '${word}'`, {
      hint: command === program ? "`tapback --help` lists them all." : `Known are ${namesUnder(command)}.`,
    });
  }, program);
}

function childOf(command: Command, name: string): Command | undefined {
  return command.commands.find((candidate) => candidate.name() === name);
}

function namesUnder(command: Command): string {
  return command.commands.map((child) => child.name()).join(", ");
}
