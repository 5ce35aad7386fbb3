import type { Command } from "commander";
import { agentCommands } from "./agent-commands.js";
import { consoleCommand } from "./console-command.js";
import { draftCommands } from "./draft-commands.js";
import type { Examples } from "./examples.js";
import { firstCommands } from "./first-commands.js";
import {
  enrolmentCommands,
  messageCommands,
  pairingCommands,
  previewCommands,
  reportCommand,
  retryCommand,
} from "./inbound-commands.js";
import { peopleCommands } from "./people-commands.js";
import {
  channelCommands,
  clusterCommands,
  gatewayCommands,
  serviceCommands,
  workerCommand,
} from "./running-commands.js";
import { secretsCommands } from "./secrets-commands.js";
import { configCommands } from "./settings-commands.js";
import { tokenCommands } from "./token-commands.js";
import {
  aboutCommands,
  backupCommands,
  completionCommand,
  storeCommands,
  upkeepCommands,
} from "./upkeep-commands.js";
import type { Wrap } from "./wrap.js";

/** Commands that are built together. */
export interface Family {
  /** The first words of its commands. Empty: it looks at the whole tree, and is never built alone. */
  names: readonly string[];
  /** Its heading in the help of the program. */
  group: string;
  /** Adds them to the program. */
  add: (program: Command, wrap: Wrap) => void | Promise<void>;
  /** Examples that are not among those of all commands. */
  examples?: () => Promise<Examples>;
}

/** What sends: the actions are loaded with it, and only there. */
const sending: Family = {
  group: "People and messages:",
  names: ["message"],
  add: async (program, wrap) => (await import("./message-commands.js")).sendingCommands(program, wrap),
  examples: async () => (await import("./message-commands.js")).actionExamples(),
};

/** All commands but `help`, in the order of the help. */
export const families: readonly Family[] = [
  { group: "First steps:", names: ["demo", "init"], add: firstCommands },
  { group: "Running it:", names: ["gateway"], add: gatewayCommands },
  { group: "Running it:", names: ["worker"], add: workerCommand },
  { group: "Running it:", names: ["console"], add: consoleCommand },
  { group: "Running it:", names: ["service"], add: serviceCommands },
  { group: "Running it:", names: ["channels"], add: channelCommands },
  { group: "Running it:", names: ["cluster"], add: clusterCommands },
  { group: "Running it:", names: ["backup", "restore"], add: backupCommands },
  { group: "Running it:", names: ["store"], add: storeCommands },
  { group: "People and messages:", names: ["pairing"], add: pairingCommands },
  { group: "People and messages:", names: ["pair"], add: enrolmentCommands },
  { group: "People and messages:", names: ["inbox", "explain"], add: messageCommands },
  sending,
  { group: "People and messages:", names: ["drafts"], add: draftCommands },
  { group: "People and messages:", names: ["usage", "people"], add: peopleCommands },
  { group: "People and messages:", names: ["retry"], add: retryCommand },
  { group: "People and messages:", names: ["preview"], add: previewCommands },
  { group: "People and messages:", names: ["report"], add: reportCommand },
  { group: "Agents:", names: ["agents", "schedule", "webhooks", "channel", "mcp"], add: agentCommands },
  { group: "Settings:", names: ["config"], add: configCommands },
  { group: "Settings:", names: ["secrets"], add: secretsCommands },
  { group: "Settings:", names: ["token"], add: tokenCommands },
  { group: "About:", names: ["doctor", "import", "version"], add: aboutCommands },
  { group: "About:", names: ["logs", "update", "uninstall"], add: upkeepCommands },
  { group: "About:", names: [], add: completionCommand },
];

/**
 * @param words what was typed
 * @returns the family that it names before any other option than `--config` and `--json`; undefined where the whole tree is
 *   needed: for help, for a guess at what was meant
 */
export function familyOf(words: readonly string[]): Family | undefined {
  let place = 0;
  while (words[place]?.startsWith("-")) {
    const word = words[place]!;
    if (word === "--config") place += 2;
    else if (word === "--json" || word.startsWith("--config=")) place += 1;
    else return undefined;
  }
  const first = words[place];
  return first === undefined ? undefined : families.find(({ names }) => names.includes(first));
}
