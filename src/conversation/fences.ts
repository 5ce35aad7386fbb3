/** A fenced code block of a Markdown text, by offsets in UTF-16 code units. */
export interface Fence {
  /** Where its opening line starts. */
  start: number;
  /** Where its first line of code starts. */
  bodyStart: number;
  /** Where its closing line starts; the text's length when it is never closed. */
  bodyEnd: number;
  /** Behind its closing line, its line feed not included. */
  end: number;
  /** The line that opens it anew: its marker and language. */
  opener: string;
  /** The line that closes it. */
  closer: string;
}

/** The marker that opened a code block, and the words behind it. */
interface FenceMarker {
  marker: string;
  info: string;
}

/**
 * Reads a text line by line (CommonMark: three or more backticks or tildes, indented by 3 at most).
 * @param line without its line feed
 * @param open what {@link fenceAfter} gave for the line before
 * @returns the code block that is open behind the line; undefined outside of one
 */
export function fenceAfter(line: string, open: FenceMarker | undefined): FenceMarker | undefined {
  const [, marker, info = ""] = /^ {0,3}(`{3,}|~{3,})(.*)$/s.exec(line.replace(/\r$/, "")) ?? [];
  if (open) {
    const closes =
      marker?.[0] === open.marker[0] && marker!.length >= open.marker.length && info.trim() === "";
    return closes ? undefined : open;
  }
  return marker && !(marker[0] === "`" && info.includes("`")) ? { marker, info: info.trim() } : undefined;
}

/** Finds the fenced code blocks of a text. */
export function findFences(text: string): Fence[] {
  const fences: Fence[] = [];
  if (!text.includes("```") && !text.includes("~~~")) return fences;
  let open: Fence | undefined;
  let marker: FenceMarker | undefined;
  for (let start = 0; start <= text.length; ) {
    const lineEnd = text.indexOf("\n", start);
    const end = lineEnd === -1 ? text.length : lineEnd;
    marker = fenceAfter(text.slice(start, end), marker);
    if (open && !marker) {
      fences.push({ ...open, bodyEnd: start, end });
      open = undefined;
    } else if (!open && marker) {
      const language = marker.info.split(/\s+/, 1)[0]!;
      open = {
        start,
        bodyStart: end + 1,
        bodyEnd: text.length,
        end: text.length,
        opener: marker.marker + language,
        closer: marker.marker,
      };
    }
    start = end + 1;
  }
  return open ? [...fences, open] : fences;
}
