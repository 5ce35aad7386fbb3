/** Whether a cut at an offset may fall inside a character of several code units: only then a segmenter is asked. */
function isSimple(text: string, offset: number): boolean {
  const [before, after] = [text.charCodeAt(offset - 1), text.charCodeAt(offset)];
  // Below U+0300 there is neither a surrogate nor a combining mark, nor a part of an emoji sequence; only CR LF is one character.
  return before < 0x300 && after < 0x300 && !(before === 0x0d && after === 0x0a);
}

let segmenter: Intl.Segmenter | undefined;

/**
 * The last offset up to `end` at which a text can be cut without splitting a surrogate pair or an emoji sequence.
 * A single character that is longer than the room is cut between code points; a surrogate pair is never cut.
 * @param start an offset that is such a place itself
 * @returns an offset above `start`; above `end` only when one surrogate pair does not fit
 */
export function cutBefore(text: string, start: number, end: number): number {
  if (end >= text.length || isSimple(text, end)) return end;
  // 64 units behind the cut show the segmenter whether the character goes on.
  const window = text.slice(start, end + 64);
  segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  // One look-up: each segment that is walked over would copy the whole window.
  const cut = segmenter.segment(window).containing(end - start)?.index ?? 0;
  if (cut > 0) return start + cut;
  const isPair = isHigh(text.charCodeAt(end - 1)) && isLow(text.charCodeAt(end));
  if (!isPair) return end;
  return end - 1 > start ? end - 1 : end + 1;
}

/**
 * The first offset from `start` on at which a text can be cut without splitting a surrogate pair or an emoji sequence.
 * A single character of more than 64 code units is cut between code points.
 */
export function cutAfter(text: string, start: number): number {
  if (start <= 0 || start >= text.length || isSimple(text, start))
    return Math.max(0, Math.min(start, text.length));
  let from = start - 1;
  // A place that is surely none inside of a character, near by or as far as one is likely to reach.
  while (from > 0 && start - from < 64 && !isSimple(text, from)) from--;
  if (from > 0 && isLow(text.charCodeAt(from)) && isHigh(text.charCodeAt(from - 1))) from--;
  const window = text.slice(from, start + 64);
  segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  const found = segmenter.segment(window).containing(start - from);
  if (!found) return start;
  const at = from + found.index;
  if (at === start) return start;
  const after = at + found.segment.length;
  const isPair = isHigh(text.charCodeAt(after - 1)) && isLow(text.charCodeAt(after));
  return isPair ? after + 1 : after;
}

function isHigh(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00;
}

function isLow(code: number): boolean {
  return code >= 0xdc00 && code < 0xe000;
}
