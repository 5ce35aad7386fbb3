import { fenceAfter } from "../../conversation/index.js";
import { finalChannel } from "./channels.js";
import { mediaLine, type ReplyTo, withoutReplyTags } from "./directives.js";
import { type InnerBlock, InnerBlocks } from "./inner-blocks.js";
import { isSilence } from "./silence.js";

/** What a block of an agent's text says to people (behaviour 6.3). */
export interface ReadAnswer {
  /** What is said, without inner text; empty where nothing is. */
  text: string;
  /** Paths of `MEDIA:` lines, as they were written. */
  media: string[];
  replyTo?: ReplyTo;
  /** A thought was begun and not ended: the next block may go on with it. */
  thinking: boolean;
}

const shownLine = /^\[(?:Replying to .*|Attachment .*, [\w.+-]+\/[\w.+-]+, \d+ bytes, .*)\]$/;
const longestShownLine = 4000;

/**
 * Takes out of an answer what is not meant for people: thoughts, frames of tools, the frame in which a message was shown,
 * the word for silence; and reads what it asks for: files, a threaded reply. Code in fences stays as it is, and so does a
 * text without any such mark. Time in proportion to the text's length.
 * @param shown the texts that the agent was shown: a frame around one of them is an echo, around anything else an answer
 * @param thinking whether the block before left a thought open
 */
export function readAnswer(text: string, shown: ReadonlySet<string>, thinking = false): ReadAnswer {
  const reader = new AnswerReader(finalChannel(text), shown, thinking);
  reader.read();
  return reader.result();
}

class AnswerReader {
  readonly #blocks: InnerBlocks;
  #kept: string[] = [];
  #said = false;
  #media: string[] = [];
  #replyTo: ReplyTo | undefined;
  #thinking = false;
  /** The last frame of a message that was not an echo. */
  #framed: string | undefined;
  /** Nobody has to look for the end of a thought that has its beginning. */
  #thought = false;

  constructor(
    private readonly text: string,
    private readonly shown: ReadonlySet<string>,
    private readonly goesOn: boolean,
  ) {
    this.#blocks = new InnerBlocks(text);
  }

  read(): void {
    const { text } = this;
    let at = this.goesOn ? (this.#blocks.thoughtEnd(0, text.length)?.end ?? 0) : 0;
    let fence: ReturnType<typeof fenceAfter>;
    let lineEnd = -1;
    while (at < text.length) {
      // Many blocks may stand in one long line, whose end is looked for once.
      if (lineEnd < at) lineEnd = text.indexOf("\n", at);
      if (lineEnd === -1) lineEnd = text.length;
      const next = Math.min(lineEnd + 1, text.length);
      const line = text.slice(at, lineEnd);
      if (!fence) {
        const behind = this.#passed(at, line);
        if (behind !== undefined) {
          at = contentFrom(text, behind);
          continue;
        }
      }
      const after = fenceAfter(line, fence);
      if (fence || after) this.#keep(text.slice(at, next));
      else this.#prose(line, text.slice(at, next));
      fence = after;
      at = next;
    }
  }

  result(): ReadAnswer {
    const kept = this.#kept.join("");
    const text = kept === this.text ? kept : kept.trim();
    if (this.#framed !== undefined && text === "" && this.#media.length === 0) {
      const inner = new AnswerReader(this.#framed, this.shown, false);
      inner.read();
      return inner.result();
    }
    return {
      text: isSilence(text) ? "" : text,
      media: this.#media,
      ...(this.#replyTo && { replyTo: this.#replyTo }),
      thinking: this.#thinking,
    };
  }

  /** @returns where reading goes on, when a line begins with something that is passed over */
  #passed(at: number, line: string): number | undefined {
    const start = at + line.length - line.trimStart().length;
    const block = this.#blocks.at(start);
    if (block) return this.#behind(block);
    if (this.#thought) return undefined;
    const end = this.#blocks.thoughtEnd(at, at + line.length);
    const isEdge =
      end !== undefined && (end.start === start || this.text.slice(end.end, at + line.length).trim() === "");
    if (!isEdge) return undefined;
    // All that came before was a thought.
    this.#kept = [];
    this.#media = [];
    this.#replyTo = undefined;
    this.#said = false;
    this.#thought = true;
    return end.end;
  }

  #behind(block: InnerBlock): number | undefined {
    const { kind, bodyStart, bodyEnd, end, closed } = block;
    if (kind === "thought") {
      this.#thought = true;
      if (!closed && this.#said) return undefined;
      this.#thinking = !closed;
      return end;
    }
    if (kind === "tool") {
      const isCall = closed || /^\s*[{[<\w]/.test(this.text.slice(bodyStart, bodyStart + 200));
      return isCall ? end : undefined;
    }
    // The answer began like a shown message, and nothing ends it: the rest is the answer.
    if (!closed) return bodyStart;
    const body = withoutShownLines(this.text.slice(bodyStart, bodyEnd));
    if (kind === "note") return this.shown.has(body) ? end : undefined;
    if (kind === "message" && !this.shown.has(body)) this.#framed = body;
    return end;
  }

  #prose(line: string, whole: string): void {
    if (isShownLine(line) || isSilence(line)) return;
    const media = mediaLine(line);
    if (media && "path" in media) {
      this.#media.push(media.path);
      return;
    }
    const { line: left, replyTo } = withoutReplyTags(media ? media.link : line);
    if (replyTo) this.#replyTo = replyTo;
    if (replyTo && left.trim() === "") return;
    this.#keep(left === line ? whole : whole.replace(line, () => left));
  }

  #keep(part: string): void {
    this.#kept.push(part);
    this.#said ||= part.trim() !== "";
  }
}

/** Whether our rendering puts such a line above or below the words of a message. */
function isShownLine(line: string): boolean {
  return line.length <= longestShownLine && shownLine.test(line.trim());
}

function withoutShownLines(body: string): string {
  const lines = body.split("\n").filter((line) => !isShownLine(line));
  return lines.join("\n").trim();
}

/** The next offset at which something stands that is no white space. */
function contentFrom(text: string, from: number): number {
  let at = from;
  while (at < text.length && /\s/.test(text[at]!)) at++;
  return at;
}
