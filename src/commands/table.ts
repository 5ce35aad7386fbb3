import { statusCommand, whoamiCommand } from "./about.js";
import { acpCommand } from "./acp/command.js";
import { approveCommand } from "./approve.js";
import { configCommand } from "./config.js";
import type { ChatCommand, CommandAnswer, CommandContext } from "./contract.js";
import { modelCommand } from "./model.js";
import { pairingCommand } from "./pairing.js";
import { newCommand, queueCommand, resetCommand, stopCommand } from "./session.js";

const helpCommand: ChatCommand = {
  name: "help",
  usage: "/help",
  summary: "this list",
  ownerOnly: false,
  async run({ isOwner }) {
    const offered = commands.filter(({ ownerOnly }) => isOwner || !ownerOnly);
    return offered.map(({ usage, summary }) => `${usage}: ${summary}`).join("\n");
  },
};

const commands: readonly ChatCommand[] = [
  helpCommand,
  statusCommand,
  whoamiCommand,
  newCommand,
  resetCommand,
  stopCommand,
  queueCommand,
  modelCommand,
  approveCommand,
  acpCommand,
  pairingCommand,
  configCommand,
];

/** Names of the commands that people may type in a chat, without the slash. */
export const commandNames: readonly string[] = commands.map(({ name }) => name);

/**
 * Runs a command that the gates let through.
 * @param name one of {@link commandNames}
 * @returns the answer for the chat
 */
export async function runCommand(name: string, context: CommandContext): Promise<CommandAnswer> {
  const command = commands.find((candidate) => candidate.name === name);
  if (!command) return "";
  if (command.ownerOnly && !context.isOwner) return refusal(context);
  return command.run(context);
}

/** Says how to become an owner, where there is none (behaviour 12). */
function refusal({ hasOwner }: CommandContext): string {
  return hasOwner
    ? "This command is for owners, over iMessage."
    : "This command is for owners, and none is set. Set commands.ownerAllowFrom in the configuration, or approve a first sender with `tapback pairing approve`.";
}
