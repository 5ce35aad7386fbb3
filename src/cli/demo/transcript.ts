import { localTime } from "../../platform/index.js";
import { harmless, pad, wrap } from "../columns.js";
import { printLine, styled } from "../output.js";

const nameWidth = 11;
const indent = " ".repeat(10 + nameWidth);
const narrowest = 40;

/** A message to print. */
export interface PrintedMessage {
  /** Milliseconds since the epoch. */
  at: number;
  who: string;
  /** Written by a person rather than by the agent. */
  mine: boolean;
  text: string;
}

/** Prints one message: its time, who wrote it, and its text on as many lines as it needs. */
export function printMessage({ at, who, mine, text }: PrintedMessage): void {
  const room = Math.max(narrowest, (process.stdout.columns ?? 100) - indent.length - 1);
  const [first = "", ...rest] = wrap(harmless(text), room);
  const name = styled(mine ? "blue" : "green", pad(who, nameWidth));
  printLine(`${styled("dim", localTime(at, at))}  ${name}${first}`.trimEnd());
  for (const line of rest) printLine(`${indent}${line}`.trimEnd());
}
