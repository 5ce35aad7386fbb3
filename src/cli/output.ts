import { styleText } from "node:util";
import { cutText } from "../conversation/index.js";
import { messageOf, TapbackError } from "../platform/index.js";
import { columns } from "./columns.js";

/** Exit codes (behaviour 17.1). */
export const exitCodes = {
  done: 0,
  refused: 1,
  usage: 2,
  configInvalid: 3,
  gatewayUnreachable: 4,
  interrupted: 130,
};

type TerminalStyle = Parameters<typeof styleText>[0];

/** Colours on a terminal only, and not where NO_COLOR asks for none. */
export function styled(style: TerminalStyle, text: string): string {
  const colours = process.stdout.isTTY === true && !process.env.NO_COLOR;
  return colours ? styleText(style, text) : text;
}

/** Writes one line for people, without what would move the cursor or hide text; our own colours stay. */
export function printLine(text = ""): void {
  process.stdout.write(`${harmlessStyled(text)}\n`);
}

/** Writes exactly one JSON value (behaviour 17.1). */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, process.stdout.isTTY ? 2 : undefined)}\n`);
}

/** Aligns rows under their headings; the last column is not padded. */
export function table(headings: string[], rows: string[][]): string {
  const shown = rows.map((row) => row.map(oneLine));
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...shown.map((row) => columns(row[column] ?? ""))),
  );
  const line = (cells: string[]) =>
    cells
      .map((cell, column) =>
        column === cells.length - 1 ? cell : cell + " ".repeat(widths[column]! - columns(cell)),
      )
      .join("  ")
      .trimEnd();
  return [styled("bold", line(headings)), ...shown.map(line)].join("\n");
}

/** Longest cell, and longest text in a story, UTF-16 code units: enough to know what it is. */
const longestCell = 500;
const longestText = 4000;

function oneLine(text: string): string {
  return harmlessStyled(shortened(text, longestCell).replace(/\s+/g, " "));
}

/** Cuts a text that strangers or programs wrote, marked with `…`: a terminal is no place for megabytes. */
export function shortened(text: string, longest = longestText): string {
  return cutText(text, longest);
}

/** What strangers write must not move the cursor, turn the writing direction or hide what follows; our own colours stay. */
function harmlessStyled(text: string): string {
  return text.replace(
    /[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]|\u001b(?!\[(?:[12]|22|3[1-69])m)/g,
    "",
  );
}

/** A span as people say it: `45 s`, `12 min`, `3 h`, `2 d`. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}

/**
 * Writes an error for a person: `error: what happened [CODE]`, then what to do. The code is what documents, scripts and
 * bug reports name, so it stands there in text as it does in JSON; of several lines the first carries it.
 */
export function printError({ code, message, hint }: Pick<TapbackError, "code" | "message" | "hint">): void {
  const colours = process.stderr.isTTY === true && !process.env.NO_COLOR;
  const paint = (style: TerminalStyle, text: string) =>
    colours ? styleText(style, text, { stream: process.stderr }) : text;
  const [first = "", ...rest] = message.split("\n");
  const lines = [`${paint("red", "error:")} ${first} ${paint("dim", `[${code}]`)}`, ...rest];
  process.stderr.write(`${[...lines, ...(hint ? [hint] : [])].join("\n")}\n`);
}

/** @returns what to do about an error: its own hint, else the general remedy of its code, which is loaded only then */
export async function hintOf({
  code,
  hint,
}: Pick<TapbackError, "code" | "hint">): Promise<string | undefined> {
  return hint || (await import("../platform/error-codes/index.js")).remedyOf(code);
}

/** Tells what went wrong, on stderr or as the one JSON value. @returns the exit code */
export async function fail(error: unknown, json: boolean): Promise<number> {
  const known = error instanceof TapbackError ? error : new TapbackError("FAILED", messageOf(error));
  const { code, message } = known;
  const hint = await hintOf(known);
  if (json) printJson({ error: { code, message, ...(hint && { hint }) } });
  else printError({ code, message, hint });
  if (known.code === "CONFIG_INVALID") return exitCodes.configInvalid;
  if (known.code === "USAGE" || known.code === "ACTION_PARAMETERS") return exitCodes.usage;
  return ["GATEWAY_UNREACHABLE", "GATEWAY_SILENT", "GATEWAY_LOST"].includes(known.code)
    ? exitCodes.gatewayUnreachable
    : exitCodes.refused;
}
