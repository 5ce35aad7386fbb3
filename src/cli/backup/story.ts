import { localTime } from "../../platform/index.js";
import { printLine, styled } from "../output.js";
import type { Generation, MovedChat } from "./ask-messages.js";
import type { LeftServer } from "./configuration.js";

/** What is told of one account after a restore. */
export interface AccountStory {
  account: string;
  generation: Generation | "unasked";
  moved: MovedChat[];
  /** Messages that may have been answered since the backup. */
  aside: number;
  /** Whether catch-up is on; undefined where the configuration is invalid. */
  catchup?: boolean | undefined;
}

/** What is told after a restore. */
export interface Story {
  /** Milliseconds since the epoch. */
  takenAt: number;
  stateDir: string;
  withEnv: boolean;
  accounts: AccountStory[];
  /** What was in the way, and was kept. */
  aside: string[];
  /** Absent where the configuration names no server. */
  server?: LeftServer;
  /** Files of memory that were put where agents have it by default, for nobody could read where they have it. */
  memory?: string[];
}

const ofServer: Record<LeftServer, string> = {
  taken_out:
    "store.url is out of the configuration, so that what was restored counts. To have it on a server: `tapback store copy --to postgres://…` into an empty database, then put store.url back.",
  unread:
    "Whether the configuration names a server (store.url) cannot be told: take it out before the gateway starts, or what was restored does not count.",
};

/** What follows from what Messages is now. */
const follows: Record<AccountStory["generation"], string> = {
  same: "the Messages database is the one that the backup knows; chats have their numbers",
  other:
    "the Messages database is another one than the backup's: the gateway listens from its newest message, and looks through what came since the last one that it knows. Chats have other numbers: what was to go to one by its old number is refused, and told to the owner",
  unknown:
    "whether the Messages database is the backup's cannot be told: none of the newest messages that the backup knows is there. The gateway finds out at its start, and sends nothing to a chat whose number means somebody else now",
  new: "the backup knows no message of it",
  unasked: "Messages was not asked; nothing that came before now is answered by itself",
};

/** Prints what a restore came to, and what is left to do. */
export function tellStory({ takenAt, stateDir, withEnv, accounts, aside, server, memory = [] }: Story): void {
  printLine(`Restored into ${stateDir} as it was ${localTime(takenAt)}.`);
  for (const { account, generation, moved, aside: count, catchup } of accounts) {
    printLine(`${styled("bold", `imessage/${account}`)}  ${follows[generation]}.`);
    if (moved.length > 0) tellMoved(moved);
    if (count > 0)
      printLine(
        `  ${count} messages may have been answered since the backup, and are not answered now: \`tapback retry --reason restored\` answers them after all.`,
      );
    if (generation === "unasked" && catchup !== false)
      printLine(
        `  catchup.enabled ${catchup ? "is on, and" : "may be on in the configuration, which is invalid here: it"} would answer what came since, perhaps again: set it to false for the first start.`,
      );
  }
  for (const path of aside) printLine(`Kept what was there: ${path}`);
  for (const path of memory)
    printLine(`Put where it is by default; move it if its agent has another \`workspace\`: ${path}`);
  if (server) printLine(ofServer[server]);
  if (!withEnv)
    printLine(
      "Keys are not in the backup: put them in with `tapback secrets set`; `tapback doctor` names them.",
    );
  printLine("Next: tapback doctor, then tapback gateway or tapback service install");
}

const mostMoved = 20;

function tellMoved(moved: readonly MovedChat[]): void {
  printLine("  Entries by number to look at, in groups, bindings and lists of the configuration:");
  for (const { chatId, was, now } of moved.slice(0, mostMoved))
    printLine(`    chat_id:${chatId} was ${was}, ${now ? `is ${now}` : "names nothing"} now`);
  if (moved.length > mostMoved) printLine(`    and ${moved.length - mostMoved} more`);
}
