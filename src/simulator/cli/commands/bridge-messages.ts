import { edit, unsend } from "../../messages-app/change.js";
import { chatById } from "../../messages-app/chats.js";
import { react, tapbackKinds } from "../../messages-app/tapback.js";
import { findMessage } from "../../messages-app/threads.js";
import { localCall } from "../../rpc/local-call.js";
import type { Call } from "../../rpc/method.js";
import {
  type Changed,
  deleteLocally,
  editOwn,
  notifyAnyways,
  tapback,
  unsendOwn,
} from "../../rpc/methods/messages.js";
import { type Option, UsageError } from "../argv.js";
import type { Command, Context } from "../command.js";
import { actorOf, fromOption, timeOf } from "../people.js";

// imsg needs --chat; a person's act on a message finds the chat by the message.
const chat: Option = { name: "chat", value: "guid", help: "Chat GUID" };
const message: Option = { name: "message", value: "guid", help: "Message GUID", required: true };
const part: Option = { name: "part", value: "n", help: "Part of the message", integer: true };
const personOptions: Option[] = [
  { ...fromOption, help: "imsg-sim: the person who does it, instead of the account" },
  { name: "at", value: "time", help: "imsg-sim: when" },
];

function chatGuid({ given }: Context): string {
  const guid = given.text("chat");
  if (guid === undefined) throw new UsageError("Missing required option: --chat");
  return guid;
}

const tapbackCommand: Command = {
  kind: "bridge",
  summary: "Put a tapback on a message",
  options: [
    chat,
    message,
    {
      name: "kind",
      value: "kind",
      help: "love, like, dislike, laugh, emphasize or question",
      required: true,
    },
    part,
    { name: "remove", help: "Take it off" },
    ...personOptions,
  ],
  examples: [
    'imsg tapback --chat "iMessage;-;+15550100123" --message GUID --kind love',
    "imsg-sim tapback --from +15550100123 --message GUID --kind 🎉",
  ],
  run: async (context) => {
    const { given, world, print } = context;
    const kind = given.text("kind")!;
    const remove = given.has("remove");
    const partIndex = given.integer("part") ?? 0;
    if (given.has("from")) {
      const target = findMessage(world, given.text("message")!);
      const where = chatById(world, target.chatIds[0] ?? 0)!;
      const at = timeOf(given.text("at"));
      const act = { chat: where, from: actorOf(given.text("from")), at };
      const written = react(world, { ...act, target, kind, remove, part: partIndex });
      print({ id: written.id, guid: written.guid, chat_id: where.id, chat_guid: where.guid }, written.guid);
      return;
    }
    if (!tapbackKinds.some(({ send }) => send === kind))
      throw new UsageError("Invalid value for option: --kind");
    const params = {
      chat_guid: chatGuid(context),
      message_id: given.text("message"),
      reaction: kind,
      remove,
    };
    const done = await tapback(localCall(world, "tapback", { ...params, part_index: partIndex }));
    const guids = { chatGuid: done.chat.guid, selectedMessageGuid: done.target.guid };
    print({ ...guids, reactionType: done.reaction, messageGuid: done.written.guid }, "ok");
  },
};

/** Does it as a person when `--from` is given. @returns whether it was */
function asPerson({ given, world, print }: Context, change: (guid: string, at: number) => void): boolean {
  if (!given.has("from")) return false;
  const guid = given.text("message")!;
  change(guid, timeOf(given.text("at")) ?? world.now());
  print({ guid }, guid);
  return true;
}

const editCommand: Command = {
  kind: "bridge",
  summary: "Edit a sent message",
  options: [
    chat,
    message,
    { name: "new-text", value: "text", help: "The new text", required: true },
    { name: "bc-text", value: "text", help: "What older devices show" },
    part,
    ...personOptions,
  ],
  examples: [
    'imsg edit --chat "iMessage;-;+15550100123" --message GUID --new-text "at 6"',
    'imsg-sim edit --from +15550100123 --message GUID --new-text "at 6"',
  ],
  run: async (context) => {
    const { given, world } = context;
    const text = given.text("new-text")!;
    if (asPerson(context, (guid, at) => edit(world, findMessage(world, guid), text, at))) return;
    await act(context, "edit", editOwn, { text });
  },
};

const unsendCommand: Command = {
  kind: "bridge",
  summary: "Take a sent message back",
  options: [chat, message, part, ...personOptions],
  examples: [
    'imsg unsend --chat "iMessage;-;+15550100123" --message GUID',
    "imsg-sim unsend --from +15550100123 --message GUID",
  ],
  run: async (context) => {
    const { world } = context;
    if (asPerson(context, (guid, at) => unsend(world, findMessage(world, guid), at))) return;
    await act(context, "unsend", unsendOwn);
  },
};

async function act(
  context: Context,
  name: string,
  action: (call: Call) => Promise<Changed>,
  params: Record<string, unknown> = {},
): Promise<void> {
  const call = localCall(context.world, name, {
    chat_guid: chatGuid(context),
    message_id: context.given.text("message"),
    ...params,
  });
  const done = await action(call);
  context.print({ chatGuid: done.chat.guid, messageGuid: done.target.guid, queued: true }, "ok");
}

function simple(summary: string, name: string, action: (call: Call) => Promise<Changed>): Command {
  return {
    kind: "bridge",
    summary,
    options: [chat, message],
    examples: [`imsg ${name} --chat "iMessage;-;+15550100123" --message GUID`],
    run: (context) => act(context, name, action),
  };
}

export const bridgeMessageCommands: Record<string, Command> = {
  tapback: tapbackCommand,
  edit: editCommand,
  unsend: unsendCommand,
  "delete-message": simple("Delete a message on this Mac", "delete-message", deleteLocally),
  "notify-anyways": simple("Notify although notifications are silenced", "notify-anyways", notifyAnyways),
};
