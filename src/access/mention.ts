import { loadPackage, TapbackError } from "../platform/index.js";
import { asksForBorders, matchesWithBorders } from "./word-borders.js";

/** Patterns that tell whether a text addresses the agent; RE2 syntax, so matching is linear in the text's length. */
export interface MentionPatterns {
  readonly count: number;
  /** Made from the agent's identity, because none are set (behaviour 4.4). */
  readonly byDefault: boolean;
  /** @returns the pattern that matched, as it was written */
  find(text: string): string | undefined;
}

/** What an agent's identity says of how people call it. */
export interface MentionableIdentity {
  name?: string | undefined;
  emoji?: string | undefined;
}

/**
 * Compiles the patterns that count where none are set: the name as a whole word, and the emoji in whatever form a phone
 * writes it (behaviour 4.4).
 * @returns undefined when the identity has neither
 */
export function mentionsOfIdentity({ name, emoji }: MentionableIdentity): MentionPatterns | undefined {
  const patterns = [name && wholeWord(name.trim()), emoji && anyForm(emoji.trim())].filter(
    (pattern): pattern is string => !!pattern,
  );
  if (patterns.length === 0) return undefined;
  return { ...compileMentions(patterns, "identity"), byDefault: true };
}

/** Beside a sign no border is asked for: "Bot!" ends with none. */
function wholeWord(name: string): string {
  const first = /^[\p{L}\p{M}\p{N}_]/u.test(name) ? "\\b" : "";
  const last = /[\p{L}\p{M}\p{N}_]$/u.test(name) ? "\\b" : "";
  const words = name.split(/\s+/).map(quote).join("\\s+");
  return name && `${first}${words}${last}`;
}

/** Phones put the variation selector U+FE0F behind some emoji, or leave it out. */
function anyForm(emoji: string): string {
  return Array.from(emoji.replaceAll("\ufe0f", ""), (part) => `${quote(part)}\\x{FE0F}?`).join("");
}

function quote(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&");
}

/**
 * Compiles mention patterns, case-insensitive. The engine is loaded at the first pattern (20 ms), so an account without
 * patterns never pays for it.
 * @param key where the patterns are written, for the error
 * @throws TapbackError `MENTION_PATTERN_INVALID` for syntax that is wrong or cannot run in linear time
 */
export function compileMentions(patterns: readonly string[], key: string): MentionPatterns {
  if (patterns.length === 0) return { count: 0, byDefault: false, find: () => undefined };
  const { RE2JS } = loadPackage("re2js");
  const compiled = patterns.map((pattern, index) => {
    try {
      const expression = RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE);
      return { pattern, expression, borders: asksForBorders(expression) };
    } catch (error) {
      throw new TapbackError(
        "MENTION_PATTERN_INVALID",
        `${key}[${index}]: "${pattern}" cannot be used: ${(error as Error).message}`,
        {
          hint: "Use RE2 syntax: no lookaround and no backreferences, which cannot be matched in linear time.",
          cause: error,
        },
      );
    }
  });
  return {
    count: compiled.length,
    byDefault: false,
    find(text) {
      // RE2 knows the borders of words in ASCII, and is faster.
      const isAscii = !/[^\0-\x7f]/.test(text);
      return compiled.find(({ expression, borders }) =>
        borders && !isAscii ? matchesWithBorders(expression, text) : expression.test(text),
      )?.pattern;
    },
  };
}
