import JSON5 from "json5";
import { messageOf } from "../../platform/index.js";
import { offsetOf, positionsIn } from "../json5/position.js";
import { deepest, isBlank, type Node, scan, TooDeep } from "../json5/scan.js";
import { type ConfigPath, formatPath } from "../path.js";
import type { ConfigError, ConfigWarning } from "../problem.js";
import { type Config, configSchema, judge } from "../schema/config.js";
import { clampCatchup } from "./clamp.js";
import { duplicateKeys } from "./duplicates.js";
import { countFindings, findingsOf, type SchemaIssue } from "./issues.js";
import { prune } from "./prune.js";
import { applyRules } from "./rules/index.js";
import { substitute } from "./substitute.js";

/** More than anybody reads at once, and few enough to be found and shown at once. */
const mostProblems = 100;
/** Longest path and message that are shown, UTF-16 code units: a key may be as long as the file. */
const longestText = 1000;

/** What is to be said about a configuration text. `config` is there when there are no errors. */
export interface Checked {
  config?: Config;
  /** Errors in the order of the text; at most {@link mostProblems}, and one that says how many more there are. */
  errors: ConfigError[];
  /** How many errors there are, with those that are not named. */
  count: number;
  warnings: ConfigWarning[];
}

/**
 * Judges a configuration text: everything that is wrong with it, at once (behaviour 2.1).
 * @param source JSON5
 * @param env from which `${NAME}` is taken
 */
export async function checkSource(
  source: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Checked> {
  const parsed = parse(source);
  if ("errors" in parsed) return { errors: parsed.errors, count: parsed.errors.length, warnings: [] };
  const { root } = parsed;
  const locate = (findings: SchemaIssue[], count = findings.length) =>
    locateAll(source, root, findings, count);
  const { value, missing } = substitute(parsed.value, env);
  const missingFindings = missing.map(({ path, name }) => ({
    path,
    message: `the environment has no variable ${name}`,
    expected: `${name} to be set, e.g. with \`tapback secrets set ${name}\`; $\${${name}} stands for the characters themselves`,
  }));
  const early: SchemaIssue[] = [...duplicateKeys(root), ...missingFindings];
  const judged = await checkValue(value, parsed.value);
  const unset = new Set(missing.map(({ path }) => formatPath(path)));
  const errors = [...early, ...judged.errors.filter(({ path }) => !unset.has(formatPath(path)))];
  const count = errors.length + judged.more;
  if (count > 0) return { errors: locate(errors, count), count, warnings: locate(judged.warnings) };
  return { config: judged.config!, errors: [], count, warnings: locate(judged.warnings) };
}

/** `more` counts the errors that are not among `errors`. */
interface Judged {
  config?: Config;
  errors: SchemaIssue[];
  warnings: SchemaIssue[];
  more: number;
}

async function checkValue(value: unknown, written: unknown): Promise<Judged> {
  const result = judge(value);
  const issues = result.success ? [] : result.error.issues;
  const own = findingsOf(issues, configSchema, written, mostProblems + 1);
  const more = countFindings(issues, configSchema, written) - own.length;
  // Nobody asks for more, and what is left of such a text would say little.
  if (own.length > mostProblems) return { errors: own, warnings: [], more };
  // Rules are applied to what is right by itself, so that a typo does not hide what else is wrong.
  const rest = result.success ? { config: result.data, removed: [] } : prune(value);
  if (rest.config === undefined) return { errors: own, warnings: [], more };
  const clamped = clampCatchup(rest.config);
  const doubtful = [...rest.removed, ...suggestedPaths(own)];
  const ruled = (await applyRules(rest.config)).filter(
    ({ path, because = [] }) =>
      ![path, ...because].some((place) => doubtful.some((wrong) => related(place, wrong))),
  );
  const warnings = [...clamped, ...ruled.filter(({ severity }) => severity === "warning")];
  const errors = [...own, ...ruled.filter(({ severity }) => severity === "error")];
  return { ...(errors.length === 0 ? { config: rest.config } : {}), errors, warnings, more };
}

function parse(source: string): { value: unknown; root: Node } | { errors: ConfigError[] } {
  const failure = (message: string, expected: string, line = 1, column = 1) => ({
    errors: [{ path: "", line, column, message, expected, suggestion: null }],
  });
  // An editor that writes in steps leaves the file empty for a moment: that must not mean "all defaults".
  if (isBlank(source)) return failure("the file is empty", "at least {}");
  try {
    const value: unknown = JSON5.parse(source);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return { value, root: scan(source) };
    return failure("the file holds no object", "{ … }");
  } catch (error) {
    if (error instanceof TooDeep) {
      const { line, column } = positionsIn(source)(error.offset);
      return failure(error.message, `at most ${deepest} levels`, line, column);
    }
    const { lineNumber, columnNumber } = error as { lineNumber?: number; columnNumber?: number };
    const message = messageOf(error)
      .replace(/^JSON5: /, "")
      .replace(/ at \d+:\d+$/, "");
    return failure(message, "JSON5", lineNumber ?? 1, columnNumber ?? 1);
  }
}

function suggestedPaths(findings: SchemaIssue[]): ConfigPath[] {
  return findings.flatMap(({ path, suggestion, atKey }) =>
    atKey && suggestion !== undefined ? [[...path.slice(0, -1), suggestion]] : [],
  );
}

/** Whether one path is the other or lies in it. */
function related(a: ConfigPath, b: ConfigPath): boolean {
  const length = Math.min(a.length, b.length);
  return a.slice(0, length).every((part, index) => String(part) === String(b[index]));
}

/** @param count how many there are, also those that are not named */
function locateAll(source: string, root: Node, findings: SchemaIssue[], count: number): ConfigError[] {
  const positionAt = positionsIn(source);
  const problems = findings
    .slice(0, mostProblems)
    .map((finding) => ({ finding, offset: offsetOf(root, finding.path, finding.atKey) }))
    .sort((a, b) => a.offset - b.offset)
    .map(({ finding: { path, message, expected, suggestion }, offset }) => ({
      path: clipped(formatPath(path)),
      ...positionAt(offset),
      message: clipped(message),
      expected: expected ?? null,
      suggestion: suggestion ?? null,
    }));
  return count > problems.length ? [...problems, moreOf(count - problems.length)] : problems;
}

function moreOf(count: number): ConfigError {
  const message = `${count.toLocaleString("en-US")} more ${count === 1 ? "problem" : "problems"} of the file`;
  return { path: "", line: 0, column: 0, message, expected: null, suggestion: null };
}

function clipped(text: string): string {
  return text.length > longestText ? `${text.slice(0, longestText)}…` : text;
}
