import { localTime } from "../platform/index.js";
import type { Draft } from "../store/index.js";
import { deliveryWords } from "./delivery-words.js";
import { printLine, styled } from "./output.js";

/** The story of a draft for people. */
export function tellDraft(draft: Draft, cut: (text: string) => string): void {
  const { id, to, state, decidedBy, heldAt, overtakenAt, endedAt, expiresAt, drafted, parts } = draft;
  printLine(`\nDraft ${styled("bold", id)} to ${to}: ${state}`);
  if (heldAt !== undefined) printLine(`  asked     ${localTime(heldAt)}`);
  if (overtakenAt !== undefined) printLine(`  overtaken ${localTime(overtakenAt)} by a newer message`);
  if (endedAt !== undefined)
    printLine(
      `  ${state.padEnd(9)} ${localTime(endedAt)}${decidedBy === undefined ? "" : ` by ${decidedBy}`}`,
    );
  else if (expiresAt !== undefined) printLine(`  until     ${localTime(expiresAt)}`);
  for (const text of drafted ?? []) printLine(`  drafted as\n${cut(text).replace(/^/gm, "  | ")}`);
  for (const part of parts) {
    const error = part.error ? ` (${part.error.code}: ${part.error.message})` : "";
    printLine(`  part ${part.id}: ${deliveryWords(part)}${error}`);
    printLine(cut(part.text ?? part.file ?? part.act?.name ?? "").replace(/^/gm, "  | "));
  }
}
