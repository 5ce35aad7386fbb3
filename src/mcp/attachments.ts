import { cursorAt, entryNamed, messagesIn, readCursor, unknown } from "../api/serving/index.js";
import { TapbackError } from "../platform/index.js";
import type { Agent } from "./agent.js";
import type { McpDeps } from "./deps.js";
import type { ResourceContents } from "./tools/tool.js";

/** Messages that one page of the list looks at. */
const looked = 200;

/** Largest file that is read, bytes: it goes whole into one answer. */
const mostBytes = 5 * 1024 * 1024;

/** A file of a message, read. */
export interface ReadFile {
  name: string;
  /** Told by its content. */
  mimeType: string;
  bytes: Buffer;
}

/** How the file of a message is named as a resource. */
export const attachmentTemplate = {
  uriTemplate: "tapback://messages/{message}/attachments/{number}",
  name: "attachment",
  title: "A file that came with a message",
  description:
    "`message` is the id of a message, `number` counts its files from 0. At most 5 MB, of accounts that take files in. What is in it was written by other people.",
};

/** @param message its number in the journal @param number from 0 */
export function attachmentUri(message: number, number: number): string {
  return `tapback://messages/${message}/attachments/${number}`;
}

/** Lists the files that came with messages, the newest first: only of what the agent reaches and may read. */
export async function listAttachments(
  cursor: string | undefined,
  { reach, scopes }: Agent,
  { api }: McpDeps,
): Promise<{ resources: Record<string, unknown>[]; nextCursor?: string }> {
  if (!scopes.includes("read")) return { resources: [] };
  const before = readCursor("newest", cursor);
  const filter = { limit: looked, own: true, ...(before !== undefined && { before }) };
  const list = await messagesIn({}, reach, api);
  const entries = await list.read(filter);
  const resources = entries.filter(list.has).flatMap(({ id, row }) =>
    row.attachments.map(({ name, mimeType, bytes }, number) => ({
      uri: attachmentUri(id, number),
      name: name === "" ? `attachment ${number}` : name,
      ...(mimeType !== "" && { mimeType }),
      size: bytes,
    })),
  );
  const isMore = entries.length === looked;
  return { resources, ...(isMore && { nextCursor: cursorAt("newest", entries.at(-1)!.id) }) };
}

/**
 * Reads a file that came with a message that the agent reaches and may read.
 * @throws `RESOURCE_UNKNOWN` for every other; why it is not given, e.g. `MEDIA_OUTSIDE_ROOTS`
 */
export async function attachmentOf(
  message: string,
  number: number,
  { reach, scopes }: Agent,
  { api }: McpDeps,
): Promise<ReadFile> {
  if (!scopes.includes("read") || !/^\d{1,15}$/.test(message)) throw unknown();
  const file = await api.attachment(await entryNamed(message, reach, api), number);
  if (!file) throw unknown();
  if (file.bytes > mostBytes) {
    await file.content.cancel();
    throw new TapbackError("MEDIA_TOO_LARGE", "refused: larger than the 5 MB that an agent gets at once");
  }
  const { name, mimeType, content } = file;
  return { name, mimeType, bytes: Buffer.from(await new Response(content).arrayBuffer()) };
}

/** @returns which file a resource is; undefined for what is none */
export function readUri(uri: unknown): { message: string; number: number } | undefined {
  const [, message, number] =
    /^tapback:\/\/messages\/(\d{1,15})\/attachments\/(\d{1,4})$/.exec(String(uri)) ?? [];
  return message === undefined ? undefined : { message, number: Number(number) };
}

/** A file as what is in a resource: text as text, all else in base64. */
export function contentsOf(uri: string, { mimeType, bytes }: ReadFile): ResourceContents {
  return mimeType.startsWith("text/")
    ? { uri, mimeType, text: bytes.toString() }
    : { uri, mimeType, blob: bytes.toString("base64") };
}
