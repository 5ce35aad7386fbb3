import { TapbackError } from "../platform/index.js";

/** One thing that is wrong with a configuration (behaviour 17.3). */
export interface ConfigError {
  /** Dotted path, e.g. `channels.imessage.dmPolcy`; empty when the whole file cannot be read. */
  path: string;
  /** From 1; 0 when there is no text to point into. */
  line: number;
  /** From 1; 0 when there is no text to point into. */
  column: number;
  message: string;
  /** What would be right there; null where the message says all. */
  expected: string | null;
  /** What was probably meant, ready to be typed; null where nothing is near. */
  suggestion: string | null;
}

/** Something that is valid and still probably not what was meant; the same shape, so that it can be shown the same way. */
export type ConfigWarning = ConfigError;

/** Writes an error for a person: `tapback.json5:3:5 channels.imessage.dmPolcy: unknown key; did you mean dmPolicy?` */
export function formatProblem(file: string, problem: ConfigError): string {
  const place = problem.line > 0 ? `${file}:${problem.line}:${problem.column}` : file;
  const subject = problem.path === "" ? "" : ` ${problem.path}`;
  // Where there is a suggestion, the list of everything that would be right only distracts.
  if (problem.suggestion !== null)
    return `${place}${subject}: ${problem.message}; did you mean ${problem.suggestion}?`;
  const expected = problem.expected === null ? "" : `; expected ${problem.expected}`;
  return `${place}${subject}: ${problem.message}${expected}`;
}

/** Makes one error of all problems, for callers that can only stop. */
export function configInvalid(file: string, errors: ConfigError[]): TapbackError {
  const lines = errors.map((error) => formatProblem(file, error));
  if (lines.length > 1) lines.unshift(`the configuration has ${lines.length} problems:`);
  return new TapbackError("CONFIG_INVALID", lines.join("\n"), {
    hint: "Correct the file, then run `tapback config validate`.",
  });
}
