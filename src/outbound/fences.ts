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

/** Finds the fenced code blocks of a text (CommonMark: three or more backticks or tildes, indented by 3 at most). */
export function findFences(text: string): Fence[] {
  const fences: Fence[] = [];
  if (!text.includes("```") && !text.includes("~~~")) return fences;
  let open: Fence | undefined;
  for (let start = 0; start <= text.length; ) {
    const lineEnd = text.indexOf("\n", start);
    const end = lineEnd === -1 ? text.length : lineEnd;
    const [, marker, info = ""] =
      /^ {0,3}(`{3,}|~{3,})(.*)$/s.exec(text.slice(start, end).replace(/\r$/, "")) ?? [];
    if (open) {
      const closes =
        marker?.[0] === open.closer[0] && marker!.length >= open.closer.length && info.trim() === "";
      if (closes) {
        fences.push({ ...open, bodyEnd: start, end });
        open = undefined;
      }
    } else if (marker && !(marker[0] === "`" && info.includes("`"))) {
      const language = info.trim().split(/\s+/, 1)[0]!;
      open = {
        start,
        bodyStart: end + 1,
        bodyEnd: text.length,
        end: text.length,
        opener: marker + language,
        closer: marker,
      };
    }
    start = end + 1;
  }
  return open ? [...fences, open] : fences;
}
