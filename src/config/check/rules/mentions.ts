import { loadPackage, messageOf } from "../../../platform/index.js";
import type { ConfigPath } from "../../path.js";
import type { Config } from "../../schema/config.js";
import type { RuleFinding } from "../rule.js";

type Compile = (pattern: string) => unknown;

function* patternsOf(config: Config): Generator<{ pattern: string; path: ConfigPath }> {
  const lists: { patterns: string[] | undefined; path: ConfigPath }[] = [
    {
      patterns: config.messages.groupChat.mentionPatterns,
      path: ["messages", "groupChat", "mentionPatterns"],
    },
    ...config.agents.list.map((entry, index) => ({
      patterns: entry.groupChat?.mentionPatterns,
      path: ["agents", "list", index, "groupChat", "mentionPatterns"],
    })),
  ];
  for (const { patterns = [], path } of lists)
    for (const [index, pattern] of patterns.entries()) yield { pattern, path: [...path, index] };
}

/**
 * Mention patterns run in linear time only, by RE2 (behaviour 4.4). RE2 is loaded where there is a pattern to check.
 */
export async function mentionPatterns(config: Config): Promise<RuleFinding[]> {
  const found = [...patternsOf(config)];
  if (found.length === 0) return [];
  const { RE2JS } = loadPackage("re2js");
  const compile: Compile = (pattern) => RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE);
  return found.flatMap(({ pattern, path }) => {
    const problem = problemOf(() => compile(pattern));
    if (problem === undefined) return [];
    const compilesElsewhere = problemOf(() => new RegExp(pattern, "iu")) === undefined;
    const finding: RuleFinding = {
      severity: "error",
      path,
      message: compilesElsewhere
        ? `this pattern needs back references or look-around, which can run without bound: ${problem}`
        : `this is not a regular expression: ${problem}`,
      expected: "a pattern in RE2 syntax",
    };
    return [finding];
  });
}

function problemOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
