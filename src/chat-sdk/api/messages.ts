import type { Attachment, Message } from "chat";
import type { Envelope, MessageRow } from "../../conversation/index.js";
import { authorOf, plainMessage } from "../message.js";
import { encodeThread, threadOfRow } from "../thread-id.js";
import type { ToldEvent } from "./client.js";

/** A message of the account, as its event tells it. */
export interface Incoming {
  account: string;
  entry: number;
  isGroup: boolean;
  row: MessageRow;
  threadId: string;
}

/** @returns the message that an event of the type `message` tells; undefined for one that the account wrote, or that is forgotten */
export function incomingOf({ account, chat, data }: ToldEvent): Incoming | undefined {
  const { entry, guid, sender, group, text = "", sentAt } = data;
  if (account === null || typeof entry !== "number" || typeof sender !== "string" || data.fromMe)
    return undefined;
  const optional = (name: string) => (typeof data[name] === "string" ? String(data[name]) : "");
  const isGroup = group === true;
  const { tapback, change, poll } = data as Pick<MessageRow, "tapback" | "poll"> & {
    change?: Omit<NonNullable<MessageRow["change"]>, "before">;
  };
  const row: MessageRow = {
    ...{ rowId: Number(data.rowId), guid: String(guid ?? ""), sender, fromMe: false, text: String(text) },
    sentAt: Date.parse(String(sentAt)),
    chat: {
      id: Number(/^chat_id:(\d+)$/.exec(chat ?? "")?.[1] ?? 0),
      ...{ guid: optional("chatGuid"), identifier: "", name: optional("chatName") },
      ...{ participants: [], isGroup },
    },
    attachments: [],
    ...(optional("senderName") !== "" && { senderName: optional("senderName") }),
    ...(tapback && { tapback }),
    ...(change && { change: { ...change, before: "" } }),
    ...(poll && { poll }),
  };
  return { account, entry, isGroup, row, threadId: encodeThread(threadOfRow(account, row, isGroup)) };
}

/** Where a file of a message is fetched. */
export type FetchFile = (path: string) => Promise<Buffer>;

/** The message as the bot's. What it answers is not told. */
export function messageOfEvent(
  { threadId, row, entry }: Incoming,
  raw: ToldEvent,
  fetchFile: FetchFile,
): Message<unknown> {
  const { guid: id, text, sender, senderName, sentAt } = row;
  const message = plainMessage({
    ...{ id, threadId, text, author: authorOf(sender, senderName), sentAt: new Date(sentAt), raw },
  });
  message.isMention = true;
  const files = (raw.data.attachments ?? []) as { name: string; mimeType: string; bytes: number }[];
  message.attachments = files.map(({ name, mimeType, bytes: size }, place) =>
    withFile(
      {
        ...{ type: typeOf(mimeType), name, mimeType, size },
        fetchMetadata: { path: `/v1/messages/${entry}/attachments/${place}` },
      },
      fetchFile,
    ),
  );
  return message;
}

/** An attachment, also one that was kept in the bot's state, with its way to the file. What else a state names is not asked for. */
export function withFile(attachment: Attachment, fetchFile: FetchFile): Attachment {
  const { path = "" } = attachment.fetchMetadata ?? {};
  const isOurs = /^\/v1\/messages\/\d+\/attachments\/\d+$/.test(path);
  return isOurs ? { ...attachment, fetchData: () => fetchFile(path) } : attachment;
}

function typeOf(mimeType: string): "image" | "video" | "audio" | "file" {
  const [kind] = mimeType.split("/");
  return kind === "image" || kind === "video" || kind === "audio" ? kind : "file";
}

/** What is known of its conversation. */
export function chatOf({ row: { chat }, isGroup }: Incoming): Envelope["chat"] {
  const { id: chatId, guid, identifier, name, participants } = chat;
  return { target: `chat_id:${chatId}`, chatId, guid, identifier, name, isGroup, participants };
}
