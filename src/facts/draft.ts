import { formatTarget, shownText } from "../conversation/index.js";
import { TapbackError } from "../platform/index.js";
import type { Draft, JournalEntry, OutboxItem, Store } from "../store/index.js";
import { iso } from "./time.js";

/** @throws `DRAFT_UNKNOWN` */
export async function findDraft(store: Store, id: string): Promise<Draft> {
  const draft = await store.drafts.get(id.trim().toLowerCase());
  if (draft && draft.state !== "open") return draft;
  throw new TapbackError("DRAFT_UNKNOWN", `there is no draft ${id}`, {
    hint: "List those that wait with `tapback drafts list`.",
  });
}

/** A draft as programs see it (behaviour 17.8a). */
export async function draftRow(draft: Draft, store: Store) {
  const { id, account, target, to, agentId, parts, state, overtakenAt, openedAt, expiresAt } = draft;
  const asked = await askedIn(draft, store);
  return {
    id,
    account,
    chat: formatTarget(target),
    to,
    agentId,
    parts: parts.map(partRow),
    state: state === "held" && overtakenAt !== undefined ? ("overtaken" as const) : state,
    createdAt: new Date(openedAt).toISOString(),
    expiresAt: iso(expiresAt),
    for: asked ? { rowId: asked.row.rowId, text: shownText(asked.row) } : null,
    decidedBy: draft.decidedBy ?? null,
  };
}

function partRow({ act, file, text }: OutboxItem) {
  if (act) return { kind: "action" as const, action: act };
  return file === undefined ? { kind: "text" as const, text: text ?? "" } : { kind: "file" as const, file };
}

/** The newest message that a draft answers. */
export async function askedIn({ turnId }: Draft, store: Store): Promise<JournalEntry | undefined> {
  return turnId === undefined ? undefined : (await store.journal.ofTurn(turnId)).at(-1);
}

/** What waited for an owner's yes, as `explain --json` has it (behaviour 14, 18.1). */
export function draftStory(draft: Draft, cut: (text: string) => string) {
  const { id, state, target, to, decidedBy, drafted, parts } = draft;
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
