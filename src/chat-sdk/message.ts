import { readFile } from "node:fs/promises";
import { type Attachment, type Author, Message } from "chat";
import {
  type Envelope,
  type EnvelopeAttachment,
  type EnvelopeMessage,
  normalizeHandle,
} from "../conversation/index.js";
import { messageOf, TapbackError } from "../platform/index.js";
import { plainAst } from "./postable.js";
import { encodeThread, threadOfTurn } from "./thread-id.js";

/** The text of a message that nobody formatted. */
interface PlainMessage {
  id: string;
  threadId: string;
  text: string;
  author: Author;
  sentAt: Date;
  /** What the platform told of it. */
  raw: unknown;
}

/** A message of which no more is known than its words. */
export function plainMessage({ text, sentAt, ...known }: PlainMessage): Message<unknown> {
  const metadata = { dateSent: sentAt, edited: false };
  return new Message({ ...known, text, formatted: plainAst(text), metadata, attachments: [] });
}

/** Somebody by handle and name; `me` is whoever writes from the account. */
export function authorOf(handle: string, name?: string): Author {
  if (handle === "me") return { userId: "me", userName: "me", fullName: "me", isBot: true, isMe: true };
  const userId = normalizeHandle(handle);
  return { userId, userName: userId, fullName: name ?? userId, isBot: false, isMe: false };
}

/** What a turn answers, as one message: of what was written at once the last one names it. */
export function messageOfTurn(envelope: Envelope): Message<unknown> {
  const { sender, messages, listening } = envelope;
  const last = messages.at(-1);
  const threadId = encodeThread(threadOfTurn(envelope));
  const severalWrote = messages.some((message) => message.sender !== undefined);
  const text =
    last === undefined || severalWrote ? envelope.text : messages.map((message) => message.text).join("\n");
  const by = last?.sender ?? sender;
  const replyTo = last?.replyTo && answered(last.replyTo, threadId);
  return new Message<unknown>({
    id: last?.guid || envelope.turnId,
    threadId,
    text,
    formatted: plainAst(text),
    raw: envelope,
    author: authorOf(by.handle, by.name),
    metadata: { dateSent: new Date(last?.sentAt ?? 0), edited: false },
    attachments: messages.flatMap(({ attachments }) => attachments.map(attachmentOf)),
    // The gates let it in because it was for the bot; what it only reads along was not.
    isMention: listening !== true,
    ...(replyTo && { replyTo }),
  });
}

function answered(
  { guid, text = "", sender = "" }: NonNullable<EnvelopeMessage["replyTo"]>,
  threadId: string,
): Message<unknown> {
  return plainMessage({
    id: guid,
    threadId,
    text,
    author: authorOf(sender),
    sentAt: new Date(0),
    raw: undefined,
  });
}

function attachmentOf({ path, mimeType, bytes, name }: EnvelopeAttachment): Attachment {
  const [kind] = mimeType.split("/");
  const type = kind === "image" || kind === "video" || kind === "audio" ? kind : "file";
  return {
    ...{ type, mimeType, name, size: bytes },
    ...(path !== undefined && { fetchData: () => contentOf(path), fetchMetadata: { path } }),
  };
}

/**
 * An attachment that was kept in the bot's state, with its way to the file.
 * @param isOfTurn whether a path is that of a file of a turn that goes on: what else a state names is not read
 */
export function withFileOf(attachment: Attachment, isOfTurn: (path: string) => boolean): Attachment {
  const { path } = attachment.fetchMetadata ?? {};
  if (path === undefined || !isOfTurn(path)) return attachment;
  return { ...attachment, fetchData: () => contentOf(path) };
}

/** The copy that the gateway made for the turn, within the limits of the account. */
async function contentOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new TapbackError("FILE_MISSING", `the file is not there (any more): ${messageOf(error)}`, {
      hint: "Fetch files while the message is handled.",
    });
  }
}
