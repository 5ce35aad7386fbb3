import { type Command, Option } from "commander";
import type { Wrap } from "./wrap.js";

/** `tapback message …`: every action of behaviour 11 for a person at the command line (behaviour 17.7). */
export function sendingCommands(program: Command, wrap: Wrap): void {
  const message = program.command("message").description("send and act in conversations");
  const load = async () => import("./commands/message.js");
  const action = (name: string, about: string, does: string, parent = message) =>
    targeted(parent.command(name).description(about)).action(
      wrap(async (context, options) => (await load()).act(context, does, options)),
    );
  targeted(message.command("send").description("send a message"))
    .option("--message <text>", "what to say; Markdown is understood")
    .option("--media <path>", "a file to send; may be given several times", collect)
    .action(wrap(async (context, options) => (await load()).send(context, options)));
  about(action("react", "put a tapback on a message, or take it off", "react"))
    .option("--emoji <name>", "love, like, dislike, laugh, emphasize, question, or an emoji")
    .option("--remove", "take it off; without --emoji whichever is ours");
  about(text(action("reply", "answer a message in its thread", "reply")));
  text(action("effect", "send a message with an effect", "sendWithEffect"))
    .option("--effect <name>", "e.g. confetti, slam, invisibleink")
    .option("--effect-id <id>", "the full id of an effect");
  about(text(action("edit", "change a message of ours", "edit"))).option("--new-text <text>", "as --message");
  about(action("unsend", "take a message of ours back", "unsend"));
  about(text(file(action("upload", "send a file", "upload-file"))))
    .option("--filename <name>", "what people see, with --buffer")
    .option("--as-voice", "as a voice message");
  action("read", "list the newest messages of a conversation with their ids", "read").option(
    "--limit <n>",
    "how many",
  );
  action("poll", "send a poll", "poll")
    .option("--question <text>", "what is asked")
    .option("--option <text>", "an answer; two or more", collect);
  about(action("poll-vote", "vote in a poll", "poll-vote"))
    .option("--option <text>", "the answer, by its text or number")
    .option("--option-id <id>", "the answer by its id")
    .option("--option-index <n>", "the answer by its number, from 1");
  groupCommands(message, action);
  targeted(
    message.command("actions").description("list the actions, and why others are not on offer"),
  ).action(wrap(async (context, options) => (await load()).actions(context, options)));
  message
    .command("status <message>")
    .description("tell what became of a sent message: its number or its GUID")
    .option("--account <id>", "the account that sent it")
    .action(wrap(async (context, options, id) => (await load()).status(context, options, id!)));
}

function groupCommands(
  message: Command,
  action: (name: string, about: string, does: string, parent: Command) => Command,
): void {
  const group = message.command("group").description("change a group");
  action("rename", "give it a name", "renameGroup", group).option("--name <text>", "the new name");
  file(action("icon", "set its picture", "setGroupIcon", group));
  action("add", "add somebody", "addParticipant", group).option("--address <handle>", "who");
  action("remove", "remove somebody", "removeParticipant", group).option("--address <handle>", "who");
  action("leave", "leave it", "leaveGroup", group);
}

function targeted(command: Command): Command {
  return command
    .addOption(new Option("--channel <name>", "the channel").choices(["imessage"]))
    .option("--account <id>", "the account that does it")
    .option("--target <target>", "where: chat_id:42, chat_guid:…, a number, an address")
    .addOption(new Option("--to <target>").hideHelp())
    .addOption(new Option("--chat-id <id>").hideHelp())
    .addOption(new Option("--chat-guid <guid>").hideHelp())
    .addOption(new Option("--chat-identifier <identifier>").hideHelp());
}

function about(command: Command): Command {
  return command.option("--message-id <id>", "the message, by its short id or its GUID");
}

function text(command: Command): Command {
  return command.option("--message <text>", "what to say").addOption(new Option("--text <text>").hideHelp());
}

function file(command: Command): Command {
  return command
    .option("--media <path>", "the file")
    .addOption(new Option("--path <path>").hideHelp())
    .addOption(new Option("--file-path <path>").hideHelp())
    .option("--buffer <base64>", "the file's bytes instead");
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}
