import {
  type AdapterPostableMessage,
  type Attachment,
  BaseFormatConverter,
  type CardElement,
  cardChildToFallbackText,
  convertEmojiPlaceholders,
  type FormattedContent,
  isCardElement,
  stringifyMarkdown,
} from "chat";
import { isParsed, showable } from "../outbound/index.js";
import { TapbackError } from "../platform/index.js";

/** A file that goes with a message. */
export interface PostedFile {
  bytes: Buffer;
  filename: string;
}

/** Between Markdown, which the gateway takes, and the SDK's forms of a text. */
class Formats extends BaseFormatConverter {
  fromAst(ast: FormattedContent): string {
    return stringifyMarkdown(ast).trimEnd();
  }

  /** What people write in Messages is no Markdown. */
  toAst(text: string): FormattedContent {
    return plainAst(text);
  }

  protected override cardToFallbackText({ title, subtitle, children }: CardElement): string {
    const parts = children.map((child) => cardChildToFallbackText(child));
    return [title && `**${escaped(title)}**`, subtitle && escaped(subtitle), ...parts]
      .filter(Boolean)
      .join("\n\n");
  }
}

export const formats = new Formats();

/** A text that is shown as it stands. */
export function plainAst(text: string): FormattedContent {
  const children = text === "" ? [] : [{ type: "text" as const, value: text }];
  return { type: "root", children: [{ type: "paragraph", children }] };
}

/** Markdown for a text that is none, within other Markdown. */
export function escaped(text: string): string {
  return text.replace(/[!-/:-@[-`{-~]/g, "\\$&");
}

/** A whole message that is shown as it was written. What is no Markdown stays as it is, and so does what is too much to be read. */
export function asWritten(text: string): string {
  const shown = showable(text);
  if (!isParsed(shown)) return shown;
  return [escaped, named].map((form) => inItsLines(shown, form)).find(isParsed) ?? shown;
}

/** As {@link escaped}, for more of it: what the reader of Markdown counts stands there by its number. */
function named(text: string): string {
  return text.replace(/[!-/:-@[-`{-~]/g, (mark) => ("*_~[]`|".includes(mark) ? byNumber(mark) : `\\${mark}`));
}

/** White space around a line, and blank lines, would be form in Markdown. */
function inItsLines(text: string, form: (text: string) => string): string {
  return text
    .split(/(^[ \t]+|(?<![ \t])[ \t]+$|\n(?=[ \t]*\n)|(?<=\n[ \t]*)\n)/m)
    .map((part, place) => (place % 2 === 1 ? part.replace(/./gs, byNumber) : form(part)))
    .join("");
}

function byNumber(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}

/** The message as Markdown; buttons of a card are not in it. */
export function markdownOf(message: AdapterPostableMessage): string {
  if (typeof message === "string") return asWritten(withEmoji(message));
  if ("markdown" in message) return withEmoji(message.markdown);
  // What is `raw` is in the platform's own form, and that is Markdown here.
  return withEmoji(formats.renderPostable(message));
}

function withEmoji(text: string): string {
  return convertEmojiPlaceholders(text, "gchat");
}

/** The card of a message; undefined where it is none. */
export function cardOf(message: AdapterPostableMessage): CardElement | undefined {
  if (typeof message === "string") return undefined;
  if (isCardElement(message)) return message;
  return "card" in message ? message.card : undefined;
}

/** The files of a message, read. @throws `FILE_MISSING` for one that has no content */
export async function filesOf(message: AdapterPostableMessage): Promise<PostedFile[]> {
  if (typeof message === "string" || isCardElement(message)) return [];
  const files = (message.files ?? []).map(({ data, filename }) => ({ data, filename }));
  const attached = ("attachments" in message && message.attachments) || [];
  const both = [...files, ...(await Promise.all(attached.map(contentOf)))];
  return Promise.all(both.map(async ({ data, filename }) => ({ bytes: await bytesOf(data), filename })));
}

async function contentOf({ data, fetchData, name = "file" }: Attachment) {
  const content = data ?? (await fetchData?.());
  if (content === undefined) throw new TapbackError("FILE_MISSING", `the attachment ${name} has no content`);
  return { data: content, filename: name };
}

async function bytesOf(data: Buffer | Blob | ArrayBuffer): Promise<Buffer> {
  if (Buffer.isBuffer(data)) return data;
  return Buffer.from(data instanceof Blob ? await data.arrayBuffer() : data);
}
