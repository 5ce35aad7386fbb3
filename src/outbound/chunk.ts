import { cutBefore, type Fence, findFences } from "../conversation/index.js";

/** `length` breaks where the room ends; `newline` makes every paragraph a chunk of its own first (behaviour 8.1). */
export type ChunkMode = "length" | "newline";

/** How text is divided into messages. */
export interface ChunkOptions {
  /** Longest chunk in UTF-16 code units, as imsg counts; default 4000. */
  limit?: number;
  mode?: ChunkMode;
}

/** One chunk as a part of the text, with what repairs a divided code block around it. */
export interface Piece {
  start: number;
  end: number;
  before: string;
  after: string;
}

/**
 * Divides a text into chunks for sending (behaviour 8.1): at the last newline or space that fits, inside a word only when
 * it is longer than a chunk, and never inside a surrogate pair or an emoji sequence. A fenced code block that is divided
 * is closed and opened again with its language. Nothing but the white space at a break is left out.
 * @returns the chunks in their order; none for a text without content. A chunk exceeds the limit only where the limit is
 *   1 and a character takes two units.
 */
export function chunkText(text: string, options: ChunkOptions = {}): string[] {
  return divide(text, options, findFences(text)).map(
    ({ start, end, before, after }) => before + text.slice(start, end) + after,
  );
}

/**
 * Divides a text like {@link chunkText}, as offsets.
 * @param fences the code blocks to repair where they are divided; none for text that is not Markdown
 * @param whole stretches whose blank lines do not end a paragraph, in the order of the text, apart from each other
 */
export function divide(
  text: string,
  options: ChunkOptions,
  fences: readonly Fence[],
  whole: readonly { start: number; end: number }[] = fences,
): Piece[] {
  const limit = Math.max(1, Math.floor(options.limit ?? 4000));
  const ranges = options.mode === "newline" ? paragraphs(text, whole) : [{ start: 0, end: text.length }];
  const near = nearest(fences.filter((fence) => repairOf(fence) + smallestBody <= limit));
  return ranges.flatMap(({ start, end }) => divideRange(text, start, end, limit, near));
}

/** The code blocks between two offsets. */
type Nearest = (start: number, reach: number) => readonly Fence[];

/** Finds code blocks for offsets that only grow, so that all look-ups together pass each block about once. */
function nearest(fences: readonly Fence[]): Nearest {
  let first = 0;
  return (start, reach) => {
    while (first < fences.length && fences[first]!.end <= start) first++;
    let last = first;
    while (last < fences.length && fences[last]!.start < reach) last++;
    return fences.slice(first, last);
  };
}

function divideRange(text: string, from: number, to: number, limit: number, near: Nearest): Piece[] {
  const pieces: Piece[] = [];
  let start = from;
  let divided: Fence | undefined;
  while (start < to) {
    const before = divided ? `${divided.opener}\n` : "";
    if (before.length + to - start <= limit) {
      pieces.push({ start, end: to, before, after: "" });
      break;
    }
    const reach = start + limit - before.length;
    const { end, next, inside } = nextBreak(text, start, reach, near(start, reach));
    pieces.push({ start, end, before, after: inside ? `\n${inside.closer}` : "" });
    start = next;
    divided = inside;
    if (inside && start >= inside.bodyEnd) {
      // What is left of the block is its closing line alone, which the repair has written already.
      start = nextContent(text, inside.end);
      divided = undefined;
    }
  }
  return pieces.filter((piece) => text.slice(piece.start, piece.end).trim() !== "");
}

/** Code units that the repair of a divided block takes in the middle chunks, its line feeds included. */
function repairOf(fence: Fence): number {
  return fence.opener.length + fence.closer.length + 2;
}

/** Least room for code in a chunk, UTF-16 code units; with less, a block is divided without repair. */
const smallestBody = 8;

interface Break {
  end: number;
  /** Where the next chunk starts. */
  next: number;
  /** The code block that is divided here. */
  inside?: Fence;
}

/** Finds the break of a chunk that starts at `start` and may reach up to `reach`. @param fences those in between */
function nextBreak(text: string, start: number, reach: number, fences: readonly Fence[]): Break {
  const startsIn = fences.find((fence) => fence.start <= start && start < fence.bodyStart);
  // A chunk is not left with the opening line alone.
  const floor = startsIn ? Math.min(startsIn.bodyStart, reach - 1) : start;
  let found = breakWithin(text, start, reach, floor);
  let inside = fences.find((fence) => fence.start < found.end && found.end < fence.end);
  if (inside && found.end > inside.bodyStart) {
    const room = reach - inside.closer.length - 1;
    found = breakWithin(text, start, room, Math.min(floor, room - 1), "line");
    inside = fences.find((fence) => fence.start < found.end && found.end < fence.end);
  }
  if (!inside) return found;
  if (found.end > inside.bodyStart) return { ...found, inside };
  // The break would fall into the opening line, so the whole block goes to the next chunk.
  return inside.start > start ? { end: trimmedEnd(text, start, inside.start), next: inside.start } : found;
}

/** @param preferred `line` takes a line feed before any space: lines of code stay whole */
function breakWithin(text: string, start: number, reach: number, floor: number, preferred?: "line"): Break {
  for (let at = reach; at > floor; at--) {
    if (preferred === "line" ? text[at] !== "\n" : !isBreak(text, at)) continue;
    const end = trimmedEnd(text, start, at);
    // Before white space that begins the chunk there is no other break.
    if (end === start) break;
    return { end, next: nextContent(text, end) };
  }
  if (preferred === "line") return breakWithin(text, start, reach, floor);
  const end = cutBefore(text, start, reach);
  return { end, next: end };
}

/** White space that no mark or joiner is attached to. */
function isBreak(text: string, at: number): boolean {
  if (!isBlank(text.charCodeAt(at))) return false;
  const next = text.charCodeAt(at + 1);
  return !(next >= 0x300) || !/^[\p{M}\u200d]/u.test(text.slice(at + 1, at + 3));
}

function isBlank(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}

function trimmedEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && isBlank(text.charCodeAt(at - 1))) at--;
  return at;
}

/** Behind the white space at a break; the indentation of a new line stays. */
function nextContent(text: string, at: number): number {
  let content = at;
  let lineStart = -1;
  for (; content < text.length && isBlank(text.charCodeAt(content)); content++)
    if (text[content] === "\n") lineStart = content + 1;
  return lineStart === -1 ? content : lineStart;
}

/** Parts between blank lines; a blank line inside a whole part is none. */
function paragraphs(
  text: string,
  whole: readonly { start: number; end: number }[],
): { start: number; end: number }[] {
  const parts: { start: number; end: number }[] = [];
  let start = 0;
  let near = 0;
  for (const { index, 0: blank } of text.matchAll(/\r?\n(?:[ \t]*\r?\n)+/g)) {
    while (near < whole.length && whole[near]!.end <= index) near++;
    if (near < whole.length && whole[near]!.start < index) continue;
    parts.push({ start, end: index });
    start = index + blank.length;
  }
  return [...parts, { start, end: text.length }];
}
