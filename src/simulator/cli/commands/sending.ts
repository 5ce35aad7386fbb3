import { readFileSync } from "node:fs";
import { localCall } from "../../rpc/local-call.js";
import { sendAttachment, sendMultipart, sendRich } from "../../rpc/methods/rich.js";
import { sendingMethods } from "../../rpc/methods/sending.js";
import { type Option, UsageError } from "../argv.js";
import type { Command, Context } from "../command.js";

export const chatOption: Option = { name: "chat", value: "guid", help: "Chat GUID", required: true };
const replyOption: Option = { name: "reply-to", value: "guid", help: "Message that is answered" };

const targetOptions: Option[] = [
  { name: "to", value: "handle", help: "Phone number, email or contact name" },
  { name: "chat-id", value: "id", help: "Chat rowid", integer: true },
  { name: "chat-identifier", value: "id", help: "Chat identifier" },
  { name: "chat-guid", value: "guid", help: "Chat GUID" },
];

/** The target options as RPC parameters. */
export function targetOf({ given }: Pick<Context, "given">): Record<string, unknown> {
  return {
    to: given.text("to"),
    chat_id: given.integer("chat-id"),
    chat_identifier: given.text("chat-identifier"),
    chat_guid: given.text("chat-guid"),
  };
}

const send: Command = {
  kind: "imsg",
  summary: "Send a message",
  options: [
    ...targetOptions,
    { name: "text", value: "text", help: "Message body" },
    { name: "file", value: "path", help: "Attachment" },
    { name: "service", value: "service", help: "imessage, sms or auto" },
    { name: "region", value: "region", help: "Default region for phone numbers" },
    { name: "no-sms-fallback", help: "Do not fall back to SMS", since: "0.11.0" },
  ],
  examples: ['imsg send --to +15550100123 --text "hi"', "imsg send --chat-id 1 --file photo.jpg"],
  run: async (context) => {
    const { given, world, print } = context;
    if (!["to", "chat-id", "chat-identifier", "chat-guid"].some((name) => given.has(name)))
      throw new UsageError("Missing required option: --to");
    await sendingMethods.send!.run(
      localCall(world, "send", {
        ...targetOf(context),
        text: given.text("text"),
        file: given.text("file"),
        service: given.text("service"),
        region: given.text("region"),
        transport: "applescript",
      }),
    );
    print({ status: "sent" }, "sent");
  },
};

const sendRichCommand: Command = {
  kind: "bridge",
  summary: "Send styled text with effect, subject or reply",
  options: [
    chatOption,
    { name: "text", value: "text", help: "Message body" },
    { name: "effect", value: "effect", help: "Effect id or short name" },
    { name: "subject", value: "text", help: "Subject" },
    replyOption,
    { name: "part", value: "n", help: "Part of the message that is answered", integer: true },
    { name: "format", value: "json", help: "Text formatting ranges" },
    { name: "format-file", value: "path", help: "Text formatting ranges, from a file" },
    { name: "file", value: "path", help: "Attachment" },
    { name: "no-dd-scan", help: "Skip data detection" },
    { name: "url", value: "url", help: "Send a link with its preview", since: "0.13.0" },
  ],
  examples: ['imsg send-rich --chat "iMessage;-;+15550100123" --text "hi" --effect impact'],
  run: async ({ given, world, print }) => {
    const file = given.text("file");
    const { chat, written } = await sendRich(
      localCall(world, "send-rich", {
        chat_guid: given.text("chat"),
        text: given.text("text"),
        effect: given.text("effect"),
        subject: given.text("subject"),
        reply_to: given.text("reply-to"),
        url: given.text("url"),
        file,
      }),
    );
    const queued = !given.has("no-dd-scan");
    const more =
      file === undefined
        ? { queued }
        : { transferGuid: written.guid, selectedMessageGuid: given.text("reply-to") ?? "" };
    print({ chatGuid: chat.guid, messageGuid: written.guid, ...more }, "sent");
  },
};

const sendAttachmentCommand: Command = {
  kind: "bridge",
  summary: "Send a file",
  options: [
    chatOption,
    { name: "file", value: "path", help: "Attachment", required: true },
    { name: "audio", help: "Send as a voice message" },
    replyOption,
    { name: "transport", value: "transport", help: "auto, dylib or applescript" },
  ],
  examples: ['imsg send-attachment --chat "iMessage;-;+15550100123" --file photo.jpg'],
  run: async ({ given, world, print }) => {
    const transport = given.text("transport") ?? "auto";
    if (!["auto", "dylib", "applescript"].includes(transport))
      throw new UsageError("Invalid value for option: --transport");
    const params = { chat_guid: given.text("chat"), file: given.text("file") };
    if (transport === "applescript" || (transport === "auto" && !world.settings().bridge)) {
      await sendingMethods.send!.run(
        localCall(world, "send-attachment", { ...params, transport: "applescript" }),
      );
      print({ success: true, transport: "applescript" }, "sent");
      return;
    }
    const call = localCall(world, "send-attachment", {
      ...params,
      audio: given.has("audio"),
      reply_to: given.text("reply-to"),
    });
    const { chat, written } = await sendAttachment(call);
    const guids = {
      messageGuid: written.guid,
      transferGuid: written.guid,
      selectedMessageGuid: given.text("reply-to") ?? "",
    };
    print({ chatGuid: chat.guid, ...guids }, "sent");
  },
};

const sendMultipartCommand: Command = {
  kind: "bridge",
  summary: "Send several texts as parts of one message",
  options: [
    chatOption,
    { name: "parts", value: "json", help: "Array of {text}" },
    { name: "parts-file", value: "path", help: "The same, from a file" },
    { name: "effect", value: "effect", help: "Effect id or short name" },
    { name: "subject", value: "text", help: "Subject" },
  ],
  examples: [`imsg send-multipart --chat "iMessage;-;+15550100123" --parts '[{"text":"a"},{"text":"b"}]'`],
  run: async ({ given, world, print }) => {
    const file = given.text("parts-file");
    const text = file === undefined ? given.text("parts") : readFileSync(file, "utf8");
    if (text === undefined) throw new UsageError("Missing required option: --parts");
    const params = { chat_guid: given.text("chat"), parts: parse(text), effect: given.text("effect") };
    const call = localCall(world, "send-multipart", { ...params, subject: given.text("subject") });
    const { chat, written, count } = await sendMultipart(call);
    print({ chatGuid: chat.guid, messageGuid: written.guid, parts_count: count }, "sent");
  },
};

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError("Invalid value for option: --parts");
  }
}

export const sendingCommands: Record<string, Command> = {
  send,
  "send-rich": sendRichCommand,
  "send-attachment": sendAttachmentCommand,
  "send-multipart": sendMultipartCommand,
};
