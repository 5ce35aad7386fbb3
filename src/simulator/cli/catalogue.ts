import type { Command } from "./command.js";
import { rpcCommands } from "./commands/rpc.js";
import { sayCommands } from "./commands/say.js";

const commands: Record<string, Command> = {
  ...rpcCommands,
  ...sayCommands,
};

/** The commands of the played version, in the order of their names. */
export function commandsOf(has: (since: string) => boolean): [string, Command][] {
  return Object.entries(commands)
    .filter(([, { since }]) => since === undefined || has(since))
    .sort(([a], [b]) => a.localeCompare(b));
}

/** The command that a command line names by its first two words or its first. */
export function commandAt(
  args: string[],
  has: (since: string) => boolean,
): { name: string; command: Command; words: number } | undefined {
  for (const words of [2, 1]) {
    const name = args.slice(0, words).join(" ");
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command !== undefined && (command.since === undefined || has(command.since)))
      return { name, command, words };
  }
  return undefined;
}
