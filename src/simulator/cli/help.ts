import { type Command, optionsOf } from "./command.js";

/** Help of one command, in imsg's form (protocol reference 1.4). */
export function commandHelp(name: string, command: Command, has: (since: string) => boolean): string {
  const options = optionsOf(command, has).map((option) => {
    const short = option.short === undefined ? "" : `-${option.short}, `;
    const value = option.value === undefined ? "" : ` <${option.value}>`;
    return `  ${short}--${option.name}${value}\t${option.help}${option.required ? " (required)" : ""}`;
  });
  const program = command.kind === "world" ? "imsg-sim" : "imsg";
  return [
    `${program} ${name}`,
    command.summary,
    "",
    "Usage:",
    `  ${program} ${name} [options]`,
    "",
    "Options:",
    ...options,
    "",
    "Examples:",
    ...command.examples.map((example) => `  ${example}`),
    "",
  ].join("\n");
}

/** Help of the program: imsg's commands, then those that drive the world. */
export function programHelp(commands: [string, Command][]): string {
  const list = (world: boolean) =>
    commands
      .filter(([, { kind }]) => (kind === "world") === world)
      .map(([name, { summary }]) => `  ${name}\t${summary}`);
  return [
    "imsg-sim",
    "A Messages world with imsg's command line, over a real chat.db",
    "",
    "Usage:",
    "  imsg-sim <command> [options]",
    "",
    "Commands of imsg:",
    ...list(false),
    "",
    "The other side and the world:",
    ...list(true),
    "",
    "Examples:",
    '  imsg-sim say --from +15550100123 --name "Mia Wong" --text "Hello"',
    "  imsg-sim chats --json",
    "  imsg-sim phone --as +15550100123",
    "  imsg-sim fault set --kind die --method send --times 1",
    "",
  ].join("\n");
}
