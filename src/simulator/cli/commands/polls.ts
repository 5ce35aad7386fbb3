import type { ChatRow } from "../../messages-app/chats.js";
import type { Written } from "../../messages-app/insert.js";
import { createPoll, pollOption, vote } from "../../messages-app/poll.js";
import { pollBalloon } from "../../reading/polls.js";
import { localCall } from "../../rpc/local-call.js";
import { sendPoll, votePoll } from "../../rpc/methods/polls.js";
import { type Option, UsageError } from "../argv.js";
import type { Command, Context } from "../command.js";
import { actorOf, chatOf, fromOption } from "../people.js";

const chat: Option = { name: "chat", value: "guid", help: "Chat GUID" };
const chatId: Option = { name: "chat-id", value: "id", help: "Chat rowid", integer: true };

function target({ given }: Context): Record<string, unknown> {
  if (!given.has("chat") && !given.has("chat-id")) throw new UsageError("Missing required option: --chat");
  return { chat_guid: given.text("chat"), chat_id: given.integer("chat-id") };
}

const byPerson: Option = { ...fromOption, help: "imsg-sim: the person who does it, instead of the account" };

function printed(written: Written, { id, guid }: ChatRow): Record<string, unknown> {
  return { id: written.id, guid: written.guid, chat_id: id, chat_guid: guid };
}

const send: Command = {
  kind: "bridge",
  summary: "Send a poll",
  since: "0.10.0",
  options: [
    chat,
    chatId,
    { name: "question", value: "text", help: "The question", required: true },
    { name: "option", value: "text", help: "An answer; at least two", required: true, repeat: true },
    { name: "reply-to", value: "guid", help: "Message that is answered" },
    { name: "comment", value: "text", help: "Caption", since: "0.12.3" },
    { name: "no-comment", help: "Send no caption", since: "0.13.4" },
    byPerson,
  ],
  examples: [
    'imsg poll send --chat-id 12 --question "Dinner?" --option Pizza --option Sushi',
    'imsg-sim poll send --from +15550100123 --question "Dinner?" --option Pizza --option Sushi',
  ],
  run: async (context) => {
    const { given, world, print } = context;
    const from = given.text("from");
    const question = given.text("question")!;
    if (from !== undefined) {
      const where = chatOf(world, given, from);
      const asked = createPoll(world, { chat: where, from: actorOf(from) }, question, given.list("option"));
      return print({ ...printed(asked, where), options: asked.poll.options }, asked.guid);
    }
    const params = {
      ...target(context),
      question,
      options: given.list("option"),
      reply_to: given.text("reply-to"),
      comment: given.text("comment"),
      suppress_comment: given.has("no-comment"),
    };
    const { chat: where, written, poll } = await sendPoll(localCall(world, "poll send", params));
    print({ chatGuid: where.guid, messageGuid: written.guid, poll, balloonBundleID: pollBalloon }, "sent");
  },
};

function voting(name: string, since: string, remove: boolean): Command {
  return {
    kind: "bridge",
    summary: remove ? "Take a vote back" : "Vote in a poll",
    since,
    options: [
      chat,
      chatId,
      { name: "poll", value: "guid", help: "GUID of the poll's message", required: true },
      { name: "option-id", value: "id", help: "The option by id" },
      { name: "option-index", value: "n", help: "The option by number, from 1", integer: true },
      { name: "option", value: "text", help: "The option by text" },
      byPerson,
    ],
    examples: [`imsg poll ${name} --chat "iMessage;+;chat12" --poll GUID --option-id ID`],
    run: async (context) => {
      const { given, world, print } = context;
      const from = given.text("from");
      if (from !== undefined) {
        const poll = given.text("poll")!;
        const named = given.text("option-id") ?? given.text("option");
        if (named === undefined) throw new UsageError("Missing required option: --option");
        const { chat: where, option } = pollOption(world, poll, named);
        const written = vote(world, { chat: where, from: actorOf(from) }, poll, option, remove);
        return print(printed(written, where), written.guid);
      }
      const params = {
        ...target(context),
        poll_guid: given.text("poll"),
        option_id: given.text("option-id"),
        option_index: given.integer("option-index"),
        option: given.text("option"),
      };
      const done = await votePoll(localCall(world, `poll ${name}`, params), remove);
      print(
        {
          chatGuid: done.chat.guid,
          messageGuid: done.written.guid,
          pollMessageGuid: done.poll,
          optionIdentifier: done.option.id,
          optionText: done.option.text,
          ...(remove ? { remainingOptionIdentifiers: done.remaining } : {}),
        },
        "ok",
      );
    },
  };
}

export const pollCommands: Record<string, Command> = {
  "poll send": send,
  "poll vote": voting("vote", "0.12.0", false),
  "poll unvote": voting("unvote", "0.13.0", true),
};
