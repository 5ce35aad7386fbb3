import type { Command, HelpConfiguration } from "commander";

/** How help looks: commands by what they are for, without the noise that says the same of each. */
export const helpLook: HelpConfiguration = {
  sortSubcommands: false,
  showGlobalOptions: true,
  subcommandTerm: (command) =>
    command.commands.length > 0 ? command.name() : `${command.name()} ${argumentsOf(command)}`.trimEnd(),
  subcommandDescription: (command) => {
    const names = command.commands.map((child) => child.name());
    return names.length > 0 ? `${command.description()} (${names.join(", ")})` : command.description();
  },
};

function argumentsOf(command: Command): string {
  return command.usage().replace("[options]", "").trim();
}
