import { type Command, Option } from "commander";
import {
  type ActionName,
  actionNames,
  optionName,
  optionsOf,
  rowOf,
  targetForms,
} from "../actions/rows/index.js";
import type { Examples } from "./examples.js";
import type { Wrap } from "./wrap.js";

const load = async () => import("./commands/message.js");

/** `tapback message …`: every action of behaviour 11 for a person at the command line (behaviour 17.7). */
export function sendingCommands(program: Command, wrap: Wrap): void {
  const message = program.command("message").description("send and act in conversations");
  let group: Command | undefined;
  for (const name of actionNames) {
    const { words } = rowOf(name).command;
    const [, ofGroup] = words.split("group ");
    if (ofGroup !== undefined) group ??= message.command("group").description("change a group");
    actionCommand(ofGroup === undefined ? message.command(words) : group!.command(ofGroup), name, wrap);
  }
  targeted(
    message.command("actions").description("list the actions, and why others are not on offer"),
  ).action(wrap(async (context, options) => (await load()).actions(context, options)));
  message
    .command("status <message>")
    .description("tell what became of a sent message: its number or its GUID")
    .option("--account <id>", "the account that sent it")
    .action(wrap(async (context, options, id) => (await load()).status(context, options, id!)));
}

/** @returns the examples of the actions */
export function actionExamples(): Examples {
  return Object.fromEntries(
    actionNames.map(rowOf).map(({ command }) => [`message ${command.words}`, command.examples]),
  );
}

function actionCommand(command: Command, name: ActionName, wrap: Wrap): void {
  const row = rowOf(name);
  targeted(command.description(row.command.about));
  for (const { flags, about, isRepeated, isHidden } of optionsOf(row.parameters)) {
    const option = new Option(flags, about).hideHelp(isHidden);
    command.addOption(isRepeated ? option.argParser(collect) : option);
  }
  command.action(
    wrap(async (context, options) => {
      const { act, send } = await load();
      // The one that is left in the outbox where no gateway runs.
      return name === "send" ? send(context, options) : act(context, name, options);
    }),
  );
}

function targeted(command: Command): Command {
  command
    .addOption(new Option("--channel <name>", "the channel").choices(["imessage"]))
    .option("--account <id>", "the account that does it")
    .option("--target <target>", "where: chat_id:42, chat_guid:…, a number, an address");
  for (const name of Object.keys(targetForms))
    if (name !== "target") command.addOption(new Option(`${optionName(name)} <target>`).hideHelp());
  return command;
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}
