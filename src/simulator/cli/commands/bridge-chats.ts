import { localCall } from "../../rpc/local-call.js";
import {
  addParticipant,
  createChat,
  leave,
  remove,
  removeParticipant,
  rename,
  setIcon,
  unread,
} from "../../rpc/methods/groups.js";
import { read } from "../../rpc/methods/presence.js";
import { type Option, UsageError } from "../argv.js";
import type { Command, Context } from "../command.js";
import { chatOption } from "./sending.js";

const address: Option = { name: "address", value: "handle", help: "Phone number or email", required: true };

/** A call of a chat's method with the command's `--chat`. */
function callOf({ given, world }: Context, name: string, params: Record<string, unknown> = {}) {
  return localCall(world, name, { chat_guid: given.text("chat"), ...params });
}

function command(
  name: string,
  summary: string,
  options: Option[],
  run: (context: Context) => Promise<Record<string, unknown>>,
): Command {
  const shown = options.map(
    (option) => ` --${option.name}${option.value === undefined ? "" : ` ${option.value.toUpperCase()}`}`,
  );
  return {
    kind: "bridge",
    summary,
    options,
    examples: [`imsg ${name}${shown.join("")}`],
    run: async (context) => context.print(await run(context), "ok"),
  };
}

const create = command(
  "chat-create",
  "Open a new chat",
  [
    { name: "addresses", value: "list", help: "Handles, separated by commas", required: true },
    { name: "name", value: "name", help: "Name of the group" },
    { name: "text", value: "text", help: "First message" },
    { name: "service", value: "service", help: "iMessage" },
  ],
  async ({ given, world }) => {
    const { chat, written, participants } = await createChat(
      localCall(world, "chat-create", {
        addresses: given.text("addresses"),
        name: given.text("name"),
        text: given.text("text"),
        service: given.text("service"),
      }),
    );
    return { chatGuid: chat.guid, service: chat.service, messageGuid: written?.guid ?? "", participants };
  },
);

const mark = command(
  "chat-mark",
  "Mark a chat as read or unread",
  [chatOption, { name: "read", help: "As read" }, { name: "unread", help: "As unread" }],
  async (context) => {
    const { given } = context;
    if (given.has("read") === given.has("unread")) throw new UsageError("Missing required option: --read");
    if (given.has("read")) {
      const chat = await read(callOf(context, "chat-mark"));
      return { chatGuid: chat.guid, marked_as_read: true };
    }
    const { chat } = await unread(callOf(context, "chat-mark"));
    return { chatGuid: chat.guid, marked_as_unread: true };
  },
);

const nameOption: Option = { name: "name", value: "name", help: "New name", required: true };
const fileOption: Option = { name: "file", value: "path", help: "Picture; none takes it away" };

export const bridgeChatCommands: Record<string, Command> = {
  "chat-create": create,
  "chat-mark": mark,
  "chat-name": command("chat-name", "Rename a group", [chatOption, nameOption], async (context) => {
    const { chat, name } = await rename(callOf(context, "chat-name", { name: context.given.text("name") }));
    return { chatGuid: chat.guid, name };
  }),
  "chat-photo": command("chat-photo", "Set a group's picture", [chatOption, fileOption], async (context) => {
    const { chat, file } = await setIcon(callOf(context, "chat-photo", { file: context.given.text("file") }));
    return {
      chatGuid: chat.guid,
      cleared: file === undefined,
      ...(file === undefined ? {} : { transferGuid: file }),
    };
  }),
  "chat-add-member": command(
    "chat-add-member",
    "Add someone to a group",
    [chatOption, address],
    async (context) => {
      const done = await addParticipant(
        callOf(context, "chat-add-member", { address: context.given.text("address") }),
      );
      return { chatGuid: done.chat.guid, address: done.address, added: true };
    },
  ),
  "chat-remove-member": command(
    "chat-remove-member",
    "Remove someone from a group",
    [chatOption, address],
    async (context) => {
      const done = await removeParticipant(
        callOf(context, "chat-remove-member", { address: context.given.text("address") }),
      );
      return { chatGuid: done.chat.guid, address: done.address, removed: true };
    },
  ),
  "chat-leave": command("chat-leave", "Leave a group", [chatOption], async (context) => {
    const { chat } = await leave(callOf(context, "chat-leave"));
    return { chatGuid: chat.guid, left: true };
  }),
  "chat-delete": command("chat-delete", "Delete a chat on this Mac", [chatOption], async (context) => {
    const { chat } = await remove(callOf(context, "chat-delete"));
    return { chatGuid: chat.guid, deleted: true };
  }),
};
