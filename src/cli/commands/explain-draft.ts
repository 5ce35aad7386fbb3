import { formatTarget } from "../../conversation/index.js";
import { localTime } from "../../platform/index.js";
import type { Draft } from "../../store/index.js";
import { deliveryWords } from "../delivery-words.js";
import { printLine, styled } from "../output.js";

/** What waited for an owner's yes, as `explain --json` has it (behaviour 14, 18.1). */
export function draftFacts(draft: Draft, cut: (text: string) => string) {
  const { id, state, target, to, decidedBy, drafted, parts } = draft;
  const iso = (at: number | undefined) => (at === undefined ? null : new Date(at).toISOString());
  return {
    id,
    state,
    target: formatTarget(target),
    to,
    openedAt: iso(draft.openedAt),
    heldAt: iso(draft.heldAt),
    expiresAt: iso(draft.expiresAt),
    overtakenAt: iso(draft.overtakenAt),
    endedAt: iso(draft.endedAt),
    decidedBy: decidedBy ?? null,
    drafted: drafted?.map(cut) ?? null,
    parts: parts.map(({ id: item, state: became, text, file, act, error }) => ({
      id: item,
      state: became,
      text: text === undefined ? null : cut(text),
      file: file ?? null,
      action: act ?? null,
      error: error ?? null,
    })),
  };
}

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
