import type { CommandRules } from "../conversation/index.js";
import { statusCommand, whoamiCommand } from "./about.js";
import { acpCommand } from "./acp/command.js";
import { answerCommand } from "./answer.js";
import { approveCommand } from "./approve.js";
import { configCommand } from "./config.js";
import type { ChatCommand, TypedCommand } from "./contract.js";
import { draftsCommand } from "./drafts.js";
import { enrolCommand } from "./enrol.js";
import { forwardCommand } from "./forward.js";
import { modelCommand } from "./model.js";
import { optInCommand, optOutCommand } from "./opt-out.js";
import { pairingCommand } from "./pairing.js";
import { scheduleCommand } from "./schedule.js";
import { newCommand, queueCommand, resetCommand, stopCommand } from "./session.js";
import { usageCommand } from "./usage.js";

const helpCommand: TypedCommand = {
  name: "help",
  usage: "/help",
  summary: "this list",
  quick: false,
  who: "admitted",
  async run({ isOwner }) {
    const offered = typed.filter(({ who }) => isOwner || who !== "owners");
    return offered.map(({ usage, summary }) => `${usage}: ${summary}`).join("\n");
  },
};

const typed: readonly TypedCommand[] = [
  helpCommand,
  statusCommand,
  whoamiCommand,
  usageCommand,
  newCommand,
  resetCommand,
  stopCommand,
  queueCommand,
  modelCommand,
  scheduleCommand,
  approveCommand,
  draftsCommand,
  acpCommand,
  pairingCommand,
  configCommand,
];

const untyped: readonly ChatCommand[] = [
  optOutCommand,
  optInCommand,
  enrolCommand,
  answerCommand,
  forwardCommand,
];

const commands = new Map([...typed, ...untyped].map((command) => [command.name, command]));

/** The command of a name that a gate gave; undefined for one that another version had. */
export function commandNamed(name: string): ChatCommand | undefined {
  return commands.get(name);
}

/** What the gates and the intake are told of each command. */
export const commandRules: CommandRules = Object.fromEntries(
  [...commands.values()].map(({ name, quick }) => [
    name,
    { typed: typed.some((command) => command.name === name), quick },
  ]),
);
