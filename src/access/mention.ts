import { loadPackage, TapbackError } from "../platform/index.js";

/** Patterns that tell whether a text addresses the agent; RE2 syntax, so matching is linear in the text's length. */
export interface MentionPatterns {
  readonly count: number;
  /** @returns the pattern that matched, as it was written */
  find(text: string): string | undefined;
}

/**
 * Compiles mention patterns, case-insensitive. The engine is loaded at the first pattern (20 ms), so an account without
 * patterns never pays for it.
 * @param key where the patterns are written, for the error
 * @throws TapbackError `MENTION_PATTERN_INVALID` for syntax that is wrong or cannot run in linear time
 */
export function compileMentions(patterns: readonly string[], key: string): MentionPatterns {
  if (patterns.length === 0) return { count: 0, find: () => undefined };
  const { RE2JS } = loadPackage("re2js");
  const compiled = patterns.map((pattern, index) => {
    try {
      return { pattern, expression: RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE) };
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
    find: (text) => compiled.find(({ expression }) => expression.test(text))?.pattern,
  };
}
