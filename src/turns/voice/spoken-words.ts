import type { Transcript } from "./transcribe.js";

/** A recording, by the name that people see, and what is known of its words. */
export interface Heard {
  name: string;
  transcript: Transcript;
}

/**
 * A message's text with what is said in its recordings (behaviour 18.6): where it has no words of its own, those that were said; else
 * they stand below, named. Why words are missing stands there too.
 */
export function withSpoken(text: string, heard: readonly Heard[]): string {
  const said = heard.map(({ name, transcript }) => {
    if (!transcript.ok) return `[voice message, no transcript: ${transcript.brief}]`;
    return text === "" ? transcript.words : `[said in ${name}: ${transcript.words}]`;
  });
  return [text, ...said].filter((part) => part !== "").join("\n");
}
