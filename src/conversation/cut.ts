import { cutAfter, cutBefore } from "./graphemes.js";

/**
 * Cuts the end of a text off where it is too long (behaviour 5.5a). No surrogate pair and no emoji sequence is torn, and
 * the cut is marked.
 * @param limit most UTF-16 code units, the mark included
 */
export function cutText(text: string, limit: number, mark = "…"): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, endWithin(text, limit - mark.length))}${mark}`;
}

/** Cuts the start of a text off, for what is newest at its end; otherwise like {@link cutText}. */
export function cutStart(text: string, limit: number, mark = "…"): string {
  if (text.length <= limit) return text;
  return `${mark}${text.slice(cutAfter(text, text.length - Math.max(0, limit - mark.length)))}`;
}

/** Cuts the middle of a text out, for what asks its question at either end; otherwise like {@link cutText}. */
export function cutMiddle(text: string, limit: number, mark = "…"): string {
  if (text.length <= limit) return text;
  const room = Math.max(0, limit - mark.length);
  const end = endWithin(text, Math.ceil(room / 2));
  const start = cutAfter(text, text.length - Math.floor(room / 2));
  return `${text.slice(0, end)}${mark}${text.slice(start)}`;
}

function endWithin(text: string, room: number): number {
  if (room <= 0) return 0;
  const end = cutBefore(text, 0, room);
  // One surrogate pair does not fit: nothing is kept.
  return end > room ? 0 : end;
}
