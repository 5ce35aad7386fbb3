import { randomUUID } from "node:crypto";
import type { Bridge } from "../bridge/index.js";
import { chatKeysOf, mayBeSameChat } from "../conversation/index.js";
import { type Clock, type Log, messageOf } from "../platform/index.js";
import type { Claim, Held, JournalEntry, Store } from "../store/index.js";
import { areOwners, collect } from "./envelope/collect.js";
import { buildEnvelope } from "./envelope/envelope.js";
import { heldNote, notesFor } from "./envelope/notes.js";
import { withTrueReplies } from "./envelope/replies.js";
import { historyBefore } from "./envelope/seed.js";
import type { TurnRules } from "./turn-rules.js";

export interface OpenTurnDeps {
  store: Store;
  claim: Claim;
  bridge: Pick<Bridge, "history">;
  clock: Clock;
  log: Log;
}

/** A turn that was queued or grew: which conversation it answers. */
export interface OpenedTurn {
  turnId: string;
  sessionKey: string;
  account: string;
  /** As in the envelope, e.g. `chat_id:88`. */
  chat: string;
}

/**
 * Hands rows of one conversation to a turn: builds the envelope with the group's waiting context and the chat's notes and
 * queues it, in one commit with the rows (behaviour 6.5a); with the queue mode `collect` into the turn that waits already (5.4). A new
 * direct session starts with the chat's recent history, where the configuration asks for it.
 * @param entries decided as `dispatch`, oldest first, of one chat
 * @param at milliseconds since the epoch
 * @returns undefined when somebody else has the rows
 */
export async function openTurn(
  entries: JournalEntry[],
  rules: TurnRules,
  deps: OpenTurnDeps,
  at: number,
): Promise<OpenedTurn | undefined> {
  const { store, claim, log } = deps;
  const last = entries.at(-1)!;
  const { decision, row } = last;
  const place = rules.sessionOf(row, await store.bindings.find(claim.id, chatKeysOf(row)));
  const isGroup = decision?.treatedAs === "group";
  const waits = isGroup ? await store.journal.context(claim.id, row.chat.id, rules.historyLimit) : [];
  const context = waits.filter((kept) => mayBeSameChat(kept.row.chat, row.chat));
  const notes = await notesFor(claim.id, row.chat, store, rules.missedSummary === "agent");
  const parts = {
    ...place,
    turnId: randomUUID(),
    accountId: claim.id,
    isGroup,
    isOwner: areOwners(entries),
    entries: await withTrueReplies(entries, claim.id, store),
    context,
    notes: [...notes.texts, ...(await heldNote(claim.id, row, store))],
    includeAttachments: rules.policy.includeAttachments,
  };
  const ids = (some: JournalEntry[]) => some.map(({ id }) => id);
  const carried = [...ids(context), ...notes.ids];
  const opened = (turnId: string, chat: string) => ({
    turnId,
    sessionKey: place.sessionKey,
    account: claim.id,
    chat,
  });
  const waiting = rules.queueMode === "collect" ? await collect(parts, store, rules.isLimited) : undefined;
  if (waiting) {
    const { turnId } = waiting.envelope;
    const { envelope: grown, had } = waiting;
    const held = await store.turns.extend(claim, turnId, grown, {
      hadIds: had,
      rowIds: ids(entries),
      contextIds: carried,
    });
    if (held === "ok") return opened(turnId, waiting.envelope.chat.target);
  }
  const envelope = buildEnvelope(parts);
  const seeds =
    isGroup || (await store.turns.hasSession(place.sessionKey)) ? 0 : rules.seedLimitOf(row.sender);
  if (seeds > 0) {
    const history = historyBefore(entries[0]!.row, seeds, deps).catch((error) => {
      log.warn(`a new session starts without its history: ${messageOf(error)}`, { chat: row.chat.id });
      return [];
    });
    envelope.context = await history;
  }
  const { agentId, sessionKey } = place;
  const turn = { id: parts.turnId, account: claim.id, sessionKey, agentId, envelope };
  const held: Held = await store.turns.open(claim, turn, ids(entries), carried, at);
  return held === "ok" ? opened(turn.id, envelope.chat.target) : undefined;
}
