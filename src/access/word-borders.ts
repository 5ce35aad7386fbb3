import type { RE2JS } from "re2js";

/** One step of a compiled RE2 program; `op` and the bits of `arg` are those of RE2. */
interface Step {
  readonly op: number;
  readonly out: number;
  readonly arg: number;
  matchRune(rune: number): boolean;
}

interface Program {
  readonly inst: readonly Step[];
  readonly start: number;
}

const alternative = 1;
const alternativeMatch = 2;
const capture = 3;
const emptyWidth = 4;
const match = 6;
const noOperation = 7;
const rune = 8;
const oneRune = 9;
const anyRune = 10;
const anyButNewline = 11;

const [beginLine, endLine, beginText, endText, border, noBorder] = [1, 2, 4, 8, 16, 32] as const;

/** Letters, marks, digits and connectors of every script, as Unicode counts them for words (UTS 18, annex C). */
const wordCharacter = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}]/u;
/** Scripts that put no space between words: each of their letters begins and ends one, as far as can be told. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** Whether an expression asks for word borders, which RE2 itself knows beside ASCII alone. */
export function asksForBorders(expression: RE2JS): boolean {
  return programOf(expression).inst.some(
    ({ op, arg }) => op === emptyWidth && (arg & (border | noBorder)) !== 0,
  );
}

/**
 * Looks for an expression in a text with word borders of every script (behaviour 4.4). It runs the program that RE2
 * compiled over all places at once, so the time is the text's length times the program's at most.
 */
export function matchesWithBorders(expression: RE2JS, text: string): boolean {
  const { inst, start } = programOf(expression);
  const runes = Array.from(text);
  // At which place a step was reached last; a step is followed once per place.
  const reachedAt = new Int32Array(inst.length).fill(-1);
  let current: number[] = [];
  for (let at = 0; at <= runes.length; at++) {
    const here = conditions(runes[at - 1], runes[at]);
    const pending = [...current, start];
    const code = runes[at]?.codePointAt(0);
    current = [];
    while (pending.length > 0) {
      const pc = pending.pop()!;
      if (reachedAt[pc] === at) continue;
      reachedAt[pc] = at;
      const step = inst[pc]!;
      switch (step.op) {
        case match:
          return true;
        case alternative:
        case alternativeMatch:
          pending.push(step.arg, step.out);
          break;
        case capture:
        case noOperation:
          pending.push(step.out);
          break;
        case emptyWidth:
          if ((step.arg & ~here) === 0) pending.push(step.out);
          break;
        default:
          if (code !== undefined && takes(step, code)) current.push(step.out);
      }
    }
  }
  return false;
}

function takes(step: Step, code: number): boolean {
  switch (step.op) {
    case rune:
    case oneRune:
      return step.matchRune(code);
    case anyRune:
      return true;
    case anyButNewline:
      return code !== 10;
    default:
      return false;
  }
}

/** What holds between two characters; none stands before the first and behind the last. */
function conditions(before: string | undefined, after: string | undefined): number {
  let held = isBorder(before, after) ? border : noBorder;
  if (before === undefined) held |= beginText | beginLine;
  if (after === undefined) held |= endText | endLine;
  if (before === "\n") held |= beginLine;
  if (after === "\n") held |= endLine;
  return held;
}

function isBorder(before = "", after = ""): boolean {
  return (
    wordCharacter.test(before) !== wordCharacter.test(after) || unspaced.test(before) || unspaced.test(after)
  );
}

/** RE2JS tells its program, though not in its types. */
function programOf(expression: RE2JS): Program {
  return (expression as unknown as { re2(): { prog: Program } }).re2().prog;
}
