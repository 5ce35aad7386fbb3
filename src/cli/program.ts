import { Command, CommanderError, Option } from "commander";
import { errnoOf, messageOf, TapbackError, version } from "../platform/index.js";
import { Interrupted } from "./asking.js";
import { commandIn, commandNamed, neededCommand, usageError } from "./command-errors.js";
import { contextOf, type GlobalOptions } from "./context.js";
import { type Examples, examples } from "./examples.js";
import { families, familyOf } from "./families.js";
import { helpLook } from "./help.js";
import { exitCodes, fail, printError } from "./output.js";
import type { Wrap } from "./wrap.js";

/**
 * Runs the command line. Each command loads its own code only.
 * @param words what was typed after the program's name
 * @returns the exit code (behaviour 17.1)
 */
export async function run(words: string[]): Promise<number> {
  // Who read has gone (`| head`, a closed terminal): there is nobody left to tell.
  process.stderr.on("error", () => process.exit(exitCodes.refused));
  process.stdout.on("error", (error) => {
    if (errnoOf(error) !== "EPIPE")
      printError(new TapbackError("OUTPUT_LOST", `the output could not be written: ${messageOf(error)}`));
    process.exit(exitCodes.refused);
  });
  if (words.length === 0) {
    (await import("./overview.js")).printOverview(process.env);
    return exitCodes.done;
  }
  let code: number = exitCodes.done;
  const json = words.includes("--json");
  const program = await build(words, (action) => async (...given: unknown[]) => {
    const command = given.at(-1) as Command;
    const options = command.optsWithGlobals<GlobalOptions & Record<string, never>>();
    const context = contextOf(options);
    code = (await action(context, options, ...(given.slice(0, -2) as string[]))) ?? exitCodes.done;
  });
  try {
    await program.parseAsync(words, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof Interrupted) return exitCodes.interrupted;
    if (!(error instanceof CommanderError)) return fail(error, json);
    if (error.exitCode === 0) return exitCodes.done;
    // A command with others under it, typed alone: its help says which they are.
    if (error.code === "commander.help")
      return json ? fail(neededCommand(commandIn(program, words)), true) : exitCodes.usage;
    return fail(usageError(error, words), json);
  }
}

/** @param words what was typed @returns the tree of commands, or as much of it as the words need */
export async function build(words: readonly string[], wrap: Wrap): Promise<Command> {
  const program = new Command("tapback")
    .description("Talk to your AI agents over iMessage.")
    .version(version, "-V, --version", "print the version")
    .option("--config <file>", "configuration file (default: TAPBACK_CONFIG, else ~/.tapback/tapback.json5)")
    .option("--json", "print exactly one JSON value")
    .configureHelp(helpLook)
    .helpCommand(false)
    .exitOverride();
  const only = familyOf(words);
  let shown = examples;
  for (const { group, add, examples: own } of only ? [only] : families) {
    program.commandsGroup(group);
    await add(program, wrap);
    if (own) shown = { ...shown, ...(await own()) };
  }
  if (!only)
    program
      .command("help [command...]")
      .description("tell how a command is used")
      .action((path: string[]) => {
        commandNamed(program, path).help();
      });
  inherit(program, words.includes("--json"), shown);
  return program;
}

/** What every command has: examples in its help, `--json` and `--config` also behind it, errors told by `fail`. */
function inherit(command: Command, json: boolean, examples: Examples, above: string[] = []): void {
  // Errors are told in one place, `fail`; the help that stands for an error is no JSON.
  command.configureOutput({ outputError: () => {}, ...(json && { writeErr: () => {} }) });
  for (const child of command.commands) {
    const path = [...above, child.name()];
    const shown = examples[path.join(" ")];
    if (shown) child.addHelpText("after", `\nExamples:\n${shown.map((line) => `  ${line}`).join("\n")}\n`);
    if (child.commands.length === 0) {
      child.addOption(new Option("--json", "print exactly one JSON value").hideHelp());
      child.addOption(new Option("--config <file>", "configuration file").hideHelp());
    }
    child.exitOverride();
    inherit(child, json, examples, path);
  }
}
