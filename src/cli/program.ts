import { Command, CommanderError, Option } from "commander";
import { errnoOf, messageOf, TapbackError, version } from "../platform/index.js";
import { agentCommands } from "./agent-commands.js";
import { commandIn, commandNamed, neededCommand, usageError } from "./command-errors.js";
import { consoleCommand } from "./console-command.js";
import { contextOf, type GlobalOptions } from "./context.js";
import { draftCommands } from "./draft-commands.js";
import { examples } from "./examples.js";
import { helpLook } from "./help.js";
import { sendingCommands } from "./message-commands.js";
import { exitCodes, fail, printError } from "./output.js";
import { peopleCommands } from "./people-commands.js";
import { secretsCommands } from "./secrets-commands.js";
import { tokenCommands } from "./token-commands.js";
import { backupCommands, upkeepCommands } from "./upkeep-commands.js";
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
  const program = build(words, (action) => async (...given: unknown[]) => {
    const command = given.at(-1) as Command;
    const options = command.optsWithGlobals<GlobalOptions & Record<string, never>>();
    const context = contextOf(options);
    code = (await action(context, options, ...(given.slice(0, -2) as string[]))) ?? exitCodes.done;
  });
  try {
    await program.parseAsync(words, { from: "user" });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) return fail(error, json);
    if (error.exitCode === 0) return exitCodes.done;
    // A command with others under it, typed alone: its help says which they are.
    if (error.code === "commander.help")
      return json ? fail(neededCommand(commandIn(program, words)), true) : exitCodes.usage;
    return fail(usageError(error, words), json);
  }
}

/** The whole tree of commands. @param words what was typed */
export function build(words: string[], wrap: Wrap): Command {
  const program = new Command("tapback")
    .description("Talk to your AI agents over iMessage.")
    .version(version, "-V, --version", "print the version")
    .option("--config <file>", "configuration file (default: TAPBACK_CONFIG, else ~/.tapback/tapback.json5)")
    .option("--json", "print exactly one JSON value")
    .configureHelp(helpLook)
    .helpCommand(false)
    .exitOverride();
  program.commandsGroup("First steps:");
  firstCommands(program, wrap);
  program.commandsGroup("Running it:");
  gatewayCommands(program, wrap);
  consoleCommand(program, wrap);
  serviceCommands(program, wrap);
  channelCommands(program, wrap);
  backupCommands(program, wrap);
  program.commandsGroup("People and messages:");
  pairingCommands(program, wrap);
  enrolmentCommands(program, wrap);
  messageCommands(program, wrap);
  sendingCommands(program, wrap);
  draftCommands(program, wrap);
  peopleCommands(program, wrap);
  retryCommand(program, wrap);
  previewCommands(program, wrap);
  reportCommand(program, wrap);
  program.commandsGroup("Agents:");
  agentCommands(program, wrap);
  program.commandsGroup("Settings:");
  configCommands(program, wrap);
  secretsCommands(program, wrap);
  tokenCommands(program, wrap);
  program.commandsGroup("About:");
  aboutCommands(program, wrap);
  upkeepCommands(program, wrap);
  program
    .command("help [command...]")
    .description("tell how a command is used")
    .action((path: string[]) => {
      commandNamed(program, path).help();
    });
  inherit(program, words.includes("--json"));
  return program;
}

function firstCommands(program: Command, wrap: Wrap): void {
  program
    .command("demo")
    .description("chat with the demo agent through the whole gateway, on a simulated Messages")
    .option("--no-browser", "do not open the gateway's console in the browser")
    .option("--script", "play a scripted conversation, print it, exit 0 when every message got its answer")
    .action(wrap(async (context, options) => (await import("./commands/demo.js")).demo(context, options)));
  program
    .command("init")
    .description("set up a first configuration")
    .option("--cli-path <path>", "imsg, or a wrapper script that runs it")
    .option("--db-path <path>", "the Messages database; imsg finds its own when left out")
    .option("--model <provider/model>", "a model that answers, e.g. anthropic/claude-sonnet-4-5")
    .option("--base-url <url>", "where the model is, if not at its provider's own address")
    .option("--key-stdin", "read the model's key from standard input")
    .option("--acp <name>", "an ACP agent that answers, e.g. codex; `tapback agents list` names them")
    .option("--agent <command>", "a program that answers; with none of these: the built-in demo agent")
    .option("--allow <handle...>", "people who may write at once, without pairing")
    .option("--catch-up", "answer also what comes while the gateway is off")
    .option("--shared", "the account is a person's own: the agent keeps quiet where that person writes")
    .option("--no-try", "do not ask the agent for a first answer")
    .option("--start", "let yourself in with one text, and run the gateway")
    .option("--no-start", "do not, and do not ask")
    .option("--yes", "ask nothing, take the defaults")
    .option("--force", "replace a configuration that exists")
    .action(wrap(async (context, options) => (await import("./commands/init.js")).init(context, options)));
}

function gatewayCommands(program: Command, wrap: Wrap): void {
  program
    .command("gateway")
    .description("run the gateway until it is stopped")
    .action(wrap(async (context) => (await import("./commands/gateway.js")).gateway(context)));
}

function serviceCommands(program: Command, wrap: Wrap): void {
  const service = program.command("service").description("the gateway as a service of systemd or launchd");
  const load = async () => import("./commands/service.js");
  const dryRun = "only show what would be done";
  service
    .command("install")
    .description("write the service for this user, and start it")
    .option("--dry-run", dryRun)
    .option("--catch-up", "answer also what comes while the gateway is off")
    .option("--no-catch-up", "leave that as it is, and do not ask")
    .option("--no-app", "on a Mac: run node itself, without an app of its own")
    .action(wrap(async (context, options) => (await load()).install(context, options)));
  service
    .command("uninstall")
    .description("stop the service and remove it; configuration and state stay")
    .option("--dry-run", dryRun)
    .action(wrap(async (context, options) => (await load()).uninstall(context, options)));
  service
    .command("restart")
    .description("end the service in order, and start it again")
    .action(wrap(async (context) => (await load()).restart(context)));
  service
    .command("status")
    .description("tell whether the service is installed and runs")
    .action(wrap(async (context) => (await load()).status(context)));
  service
    .command("logs")
    .description("print the newest lines of the service's log")
    .option("--lines <n>", "how many", "100")
    .option("--follow", "go on printing what is written")
    .action(
      wrap(async (context, options) => (await import("./commands/service-logs.js")).logs(context, options)),
    );
}

function aboutCommands(program: Command, wrap: Wrap): void {
  program
    .command("doctor")
    .description("check everything that can be checked, with a remedy for what is wrong")
    .option("--fix", "mend what can be mended safely")
    .option("--alert", "send a test alert through every channel of `alerts`")
    .option("--live", "prove the whole way in a chat of the account with itself: messages are sent")
    .option("--account <id>", "with --live: the account to prove")
    .option("--record [file]", "with --live: keep what imsg said, without people, for a bug report or a test")
    .action(
      wrap(async (context, options) => (await import("./commands/doctor.js")).doctor(context, options)),
    );
  program
    .command("import [dialect] [file]")
    .description("take over the configuration of OpenClaw, RemoteClaw, Clawdbot or BlueBubbles")
    .option("--dry-run", "write nothing")
    .option("--force", "replace a configuration that exists; the old one is kept beside it")
    .action(
      wrap(async (context, options, dialect, file) =>
        (await import("./commands/import.js")).importConfiguration(context, options, dialect, file),
      ),
    );
  program
    .command("version")
    .description("print the version")
    .action(wrap(async (context) => (await import("./commands/version.js")).printVersion(context)));
}

function channelCommands(program: Command, wrap: Wrap): void {
  const channels = program.command("channels").description("accounts and their health");
  channels
    .command("status")
    .description("tell how each account is")
    .option("--probe", "check the whole way to Messages now")
    .option("--effective", "also every setting that holds, and where it comes from")
    .addOption(new Option("--channel <name>", "only this channel").choices(["imessage"]))
    .option("--account <id>", "only this account")
    .option("--timeout <ms>", "how long each check may take, milliseconds")
    .action(
      wrap(async (context, options) =>
        (await import("./commands/channels-status.js")).channelsStatus(context, options),
      ),
    );
  channels
    .command("list")
    .description("list the accounts of the configuration")
    .action(wrap(async (context) => (await import("./commands/channels-list.js")).channelsList(context)));
}

function pairingCommands(program: Command, wrap: Wrap): void {
  const pairing = program.command("pairing").description("people who ask to be let in");
  const provider = () =>
    new Option("--provider <name>", "the channel, as older versions had it").choices(["imessage"]);
  const common = (command: Command) =>
    command
      .option("--account <id>", "only this account")
      .addOption(new Option("--channel <name>", "the same as the word").choices(["imessage"]).hideHelp())
      .addOption(provider());
  const load = async () => import("./commands/pairing.js");
  common(pairing.command("list [channel]"))
    .description("list pending requests, approved senders and who said STOP")
    .action(wrap(async (context, options, channel) => (await load()).list(context, options, channel)));
  common(pairing.command("approve <words...>"))
    .usage("[options] [imessage] <code>")
    .description("let a sender in")
    .option("--notify", "tell the sender so")
    .option("--replay", "answer what was written before the approval")
    .option("--no-owner", "do not make the first sender the owner")
    .action(wrap(async (context, options, words) => (await load()).approve(context, options, words)));
  common(pairing.command("deny <words...>"))
    .usage("[options] [imessage] <code>")
    .description("refuse a request")
    .action(wrap(async (context, options, words) => (await load()).deny(context, options, words)));
  common(pairing.command("revoke <words...>"))
    .usage("[options] [imessage] <handle>")
    .description("take an approval back")
    .action(wrap(async (context, options, words) => (await load()).revoke(context, options, words)));
}

function enrolmentCommands(program: Command, wrap: Wrap): void {
  program
    .command("pair")
    .description("let in whoever texts a phrase that is shown here")
    .option("--owner", "as the owner of the gateway's commands")
    .option("--account <id>", "the account to be let in to")
    .option("--qr", "show a QR code that opens Messages with the phrase")
    .option("--no-wait", "do not wait for the phrase")
    .option("--check", "tell what became of the newest phrase")
    .action(wrap(async (context, options) => (await import("./commands/pair.js")).pair(context, options)));
}

function messageCommands(program: Command, wrap: Wrap): void {
  program
    .command("inbox")
    .description("list what came in, and what became of it")
    .option("--dropped", "only what was dropped")
    .option("--failed", "only what failed")
    .option("--own", "own messages too")
    .option("--chat <target>", "only this chat: chat_id:42, chat_guid:…, a number, an address")
    .option("--account <id>", "only this account")
    .option("--limit <n>", "how many", "50")
    .option("--follow", "go on listing what comes in")
    .action(wrap(async (context, options) => (await import("./commands/inbox.js")).inbox(context, options)));
  program
    .command("explain <message>")
    .description("tell the story of one message: its number, its GUID, or `last`")
    .option("--full", "whole texts, however long")
    .action(
      wrap(async (context, options, message) =>
        (await import("./commands/explain.js")).explain(context, message!, options),
      ),
    );
}

function retryCommand(program: Command, wrap: Wrap): void {
  program
    .command("retry [message]")
    .description("send a message through today's gates again: its number, its GUID, or `last`")
    .option("--failed", "every message whose turn failed")
    .option("--reason <reason>", "every message that ended for this reason, e.g. dm_not_allowed")
    .option("--again", "also what went through again before")
    .option("--account <id>", "only this account, with --failed or --reason")
    .action(
      wrap(async (context, options, message) =>
        (await import("./commands/retry.js")).retry(context, options, message),
      ),
    );
}

function previewCommands(program: Command, wrap: Wrap): void {
  program
    .command("preview")
    .description("tell who would have been answered lately, without answering anybody")
    .option("--days <n>", "how far to look back", "30")
    .option("--account <id>", "with the rules of this account")
    .option("--db <file>", "another Messages database, e.g. a copy")
    .action(
      wrap(async (context, options) => (await import("./commands/preview.js")).preview(context, options)),
    );
}

function reportCommand(program: Command, wrap: Wrap): void {
  program
    .command("report")
    .description("write what a bug report needs, without people, texts, paths and secrets")
    .option("--out <file>", "where to (default: tapback-report-<time>.json here)")
    .option("--as-test <file>", "turn a report into a test that plays it in a simulated world")
    .option("--wrong <ids...>", "with --as-test: messages that were not handled as they should have been")
    .action(
      wrap(async (context, options) =>
        options.asTest === undefined
          ? (await import("./commands/report.js")).report(context, options)
          : (await import("./report/as-test.js")).asTest(context, options.asTest, options),
      ),
    );
}

function configCommands(program: Command, wrap: Wrap): void {
  const config = program.command("config").description("the configuration file");
  const load = async () => import("./commands/config.js");
  config
    .command("validate")
    .description("check the file and tell every problem")
    .action(wrap(async (context) => (await load()).validate(context)));
  config
    .command("get [path]")
    .description("print a value, secrets masked")
    .option("--account <id>", "as it holds for this account")
    .option("--effective", "with defaults, and where each value comes from")
    .action(wrap(async (context, options, path) => (await load()).get(context, options, path)));
  config
    .command("path")
    .description("print where the file is")
    .action(wrap(async (context) => (await load()).path(context)));
  config
    .command("schema")
    .description("print the JSON Schema of the file")
    .action(wrap(async () => (await load()).schema()));
  config
    .command("set <path> <value>")
    .description("change a value in place; refuses what would be invalid")
    .action(wrap(async (context, _options, path, value) => (await load()).set(context, path!, value!)));
  config
    .command("unset <path>")
    .description("remove a value")
    .action(wrap(async (context, _options, path) => (await load()).unset(context, path!)));
  config
    .command("edit")
    .description("open the file in $EDITOR; what is not valid stays a draft")
    .action(wrap(async (context) => (await import("./commands/config-edit.js")).edit(context)));
}

/** What every command has: examples in its help, `--json` and `--config` also behind it, errors told by `fail`. */
function inherit(command: Command, json: boolean, above: string[] = []): void {
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
    inherit(child, json, path);
  }
}
