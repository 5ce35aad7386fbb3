import type { Command } from "./command.js";
import { bridgeChatCommands } from "./commands/bridge-chats.js";
import { bridgeMessageCommands } from "./commands/bridge-messages.js";
import { completionsCommand } from "./commands/completions.js";
import { faultCommands } from "./commands/fault.js";
import { groupCommands } from "./commands/group.js";
import { phoneCommands } from "./commands/phone.js";
import { pollCommands } from "./commands/polls.js";
import { readingCommands } from "./commands/reading.js";
import { replayCommands } from "./commands/replay.js";
import { rpcCommands } from "./commands/rpc.js";
import { sayCommands } from "./commands/say.js";
import { sendingCommands } from "./commands/sending.js";
import { serveCommands } from "./commands/serve.js";
import { settingsCommands } from "./commands/settings.js";
import { stateCommands } from "./commands/state.js";
import { watchCommands } from "./commands/watch.js";
import { worldCommands } from "./commands/world.js";

const commands: Record<string, Command> = {
  ...bridgeChatCommands,
  ...bridgeMessageCommands,
  ...faultCommands,
  ...groupCommands,
  ...phoneCommands,
  ...pollCommands,
  ...readingCommands,
  ...replayCommands,
  ...rpcCommands,
  ...sayCommands,
  ...sendingCommands,
  ...serveCommands,
  ...settingsCommands,
  ...stateCommands,
  ...watchCommands,
  ...worldCommands,
  completions: completionsCommand(() => Object.keys(commands)),
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
