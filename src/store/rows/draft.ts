import type { Target } from "../../conversation/index.js";
import type { ErrorCode, SqlValue } from "../../platform/index.js";
import type { Draft, DraftState } from "../drafts.js";
import { fromJson } from "./columns.js";

/** Why a part of a draft was not sent, as it is kept with it. @param message how that came */
export function notApproved(message: string): string {
  return JSON.stringify({ code: "NOT_APPROVED" satisfies ErrorCode, message });
}

/** Rows of nobody's words: they overtake no answer. They stand in the text of a query, for indexes do not serve parameters. */
export const wordless =
  "'echo', 'reinserted', 'empty', 'no_sender', 'no_chat', 'repeated_text', 'unsent', 'restored', 'tapback', 'poll_vote', 'edited', 'taken_back', 'tapback_off', 'tapback_not_ours'";

export const draftOptions = [
  { id: "send", name: "Send", kind: "allow_once" },
  { id: "drop", name: "Drop", kind: "reject_once" },
];

/** A row of the table `draft`, as the domain reads it. @param parts what it holds back */
export function toDraft(row: Record<string, SqlValue>, parts: Draft["parts"]): Draft {
  const optional: [keyof Draft, unknown][] = [
    ["turnId", row.turn_id],
    ["forOwner", row.for_owner],
    ["heldAt", row.held_at],
    ["expiresAt", row.expires_at],
    ["overtakenAt", row.overtaken_at],
    ["endedAt", row.ended_at],
    ["decidedBy", row.decided_by],
    ["drafted", fromJson(row.drafted) ?? null],
  ];
  return {
    id: String(row.id),
    account: String(row.account),
    madeBy: String(row.made_by),
    agentId: String(row.agent_id),
    target: JSON.parse(String(row.target)) as Target,
    chatKey: String(row.chat_key),
    to: String(row.addressee),
    approves: row.approves === 1,
    state: row.state as DraftState,
    openedAt: Number(row.opened_at),
    parts,
    ...Object.fromEntries(optional.filter(([, value]) => value !== null)),
  };
}
