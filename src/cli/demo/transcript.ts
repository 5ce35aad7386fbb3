import { harmless, wrap } from "../columns.js";
import { localTime, printLine, styled } from "../output.js";
import { nameOf } from "./cast.js";
import type { StoredMessage } from "./world.js";

const nameWidth = 11;
const indent = " ".repeat(10 + nameWidth);
const narrowest = 40;

/** Prints one message: its time, who wrote it, and its text on as many lines as it needs. */
export function printMessage({ at, from, text }: StoredMessage): void {
  const room = Math.max(narrowest, (process.stdout.columns ?? 100) - indent.length - 1);
  const [first = "", ...rest] = wrap(harmless(text), room);
  const name = nameOf(from).padEnd(nameWidth);
  const who = from === undefined ? styled("green", name) : styled("blue", name);
  printLine(`${styled("dim", localTime(at, at))}  ${who}${first}`.trimEnd());
  for (const line of rest) printLine(`${indent}${line}`.trimEnd());
}
