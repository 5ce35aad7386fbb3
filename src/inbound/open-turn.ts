import { randomUUID } from "node:crypto";
import type { Claim, Held, JournalEntry, Store } from "../store/index.js";
import { buildEnvelope } from "./envelope.js";
import { notesFor } from "./notes.js";
import type { AccountRules } from "./rules.js";

/**
 * Hands rows of one conversation to a turn: builds the envelope with the group's waiting context and the chat's notes, and queues it, in one
 * commit with the rows (behaviour 6.5a).
 * @param entries decided as `dispatch`, oldest first, of one chat
 * @param at milliseconds since the epoch
 */
export function openTurn(
  entries: JournalEntry[],
  rules: AccountRules,
  store: Store,
  claim: Claim,
  at: number,
): Promise<Held> {
  const last = entries.at(-1)!;
  const { decision, row } = last;
  const { agentId, sessionKey, systemPrompt } = rules.placeOf(row);
  const isGroup = decision?.treatedAs === "group";
  const context = isGroup ? store.journal.context(claim.id, row.chat.id, rules.historyLimit) : [];
  const notes = notesFor(claim.id, row.chat.id, store, rules.missedSummary === "agent");
  const turnId = randomUUID();
  const envelope = buildEnvelope({
    turnId,
    sessionKey,
    agentId,
    accountId: claim.id,
    isGroup,
    isOwner: decision?.kind === "dispatch" && decision.isOwner,
    ...(systemPrompt !== undefined && { systemPrompt }),
    entries,
    context,
    notes: notes.texts,
  });
  const turn = { id: turnId, account: claim.id, sessionKey, agentId, envelope };
  const ids = (some: JournalEntry[]) => some.map(({ id }) => id);
  return store.turns.open(claim, turn, ids(entries), [...ids(context), ...notes.ids], at);
}
