import { fileURLToPath } from "node:url";

/** Longer lines are text. */
const longestPath = 1000;
const quotes = ["`", '"', "'"];

/** `[[reply_to_current]]`, `[[reply_to:<id>]]`; inside of backticks it is spoken of. */
const replyTag =
  /(?<!`)\[\[[ \t]{0,8}reply_to(?:_current|:[ \t]{0,8}([\w:.\-/;+]{1,200}))[ \t]{0,8}\]\](?!`)[ \t]*/gi;

/** What an answer hangs on: a message by its id, or the one at hand. */
export interface ReplyTo {
  id?: string;
}

/**
 * Reads a line `MEDIA:path` (behaviour 6.3).
 * @returns a file's path; a link as the line that stays; undefined when the line is text that only begins like one
 */
export function mediaLine(line: string): { path: string } | { link: string } | undefined {
  if (line.length > longestPath) return undefined;
  const [, rest] = /^[ \t]*`?MEDIA:(.*)$/s.exec(line) ?? [];
  if (rest === undefined) return undefined;
  let named = rest.trim();
  // A mark around the whole line, or around the path.
  if (line.trim().startsWith("`") && named.endsWith("`")) named = named.slice(0, -1).trim();
  const quote = quotes.find((mark) => named.length > 2 && named.startsWith(mark) && named.endsWith(mark));
  const path = quote === undefined ? named : named.slice(1, -1).trim();
  if (/^https?:\/\/\S+$/i.test(path)) return { link: path };
  if (/^file:\/\//i.test(path)) return fileOf(path);
  const isPath = /^(?:\/|~\/|\.{1,2}\/)\S/.test(path) || /\.[a-z0-9]{1,8}$/i.test(path);
  return isPath ? { path } : undefined;
}

function fileOf(url: string): { path: string } | undefined {
  try {
    return { path: fileURLToPath(url) };
  } catch {
    return undefined;
  }
}

/** Takes the tags of threaded replies out of a line. @returns what is left, and what the last tag names */
export function withoutReplyTags(line: string): { line: string; replyTo?: ReplyTo } {
  if (!line.includes("[[")) return { line };
  let replyTo: ReplyTo | undefined;
  const left = line.replace(replyTag, (_, id?: string) => {
    replyTo = id === undefined ? {} : { id };
    return "";
  });
  return replyTo ? { line: left.trimEnd(), replyTo } : { line };
}
