import { type Command, Option } from "commander";
import type { Wrap } from "./wrap.js";

/** `tapback pairing …`. */
export function pairingCommands(program: Command, wrap: Wrap): void {
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

/** `tapback pair`. */
export function enrolmentCommands(program: Command, wrap: Wrap): void {
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

/** `tapback inbox` and `tapback explain`. */
export function messageCommands(program: Command, wrap: Wrap): void {
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

/** `tapback retry`. */
export function retryCommand(program: Command, wrap: Wrap): void {
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

/** `tapback preview`. */
export function previewCommands(program: Command, wrap: Wrap): void {
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

/** `tapback report`. */
export function reportCommand(program: Command, wrap: Wrap): void {
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
