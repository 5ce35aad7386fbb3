import { formatTarget, type GateStep } from "../conversation/index.js";
import type { ActionRecord, Draft, JournalEntry, OutboxItem, Store, Turn } from "../store/index.js";
import { draftStory } from "./draft.js";
import { inboxRow } from "./message.js";
import { iso } from "./time.js";

/** All that came of one row of Messages (behaviour 14). */
export interface Story {
  entry: JournalEntry;
  turn: Turn | undefined;
  replies: OutboxItem[];
  actions: ActionRecord[];
  drafts: Draft[];
}

/** Cuts a text for its reader, or leaves it whole. */
export type Cut = (text: string) => string;

/** @returns what the state knows of a row */
export async function storyOf(store: Store, entry: JournalEntry): Promise<Story> {
  const turn = entry.turnId ? await store.turns.get(entry.turnId) : undefined;
  return {
    entry,
    turn,
    replies: [...(await store.outbox.ofEntry(entry.id)), ...(turn ? await store.outbox.ofTurn(turn.id) : [])],
    actions: turn ? await store.actions.ofTurn(turn.id) : [],
    drafts: turn ? await store.drafts.ofTurn(turn.id) : [],
  };
}

/** @returns a story in the fixed shape of behaviour 17.6 */
export function storyFacts({ entry, turn, replies, actions, drafts }: Story, cut: Cut) {
  return {
    ...inboxRow(entry),
    key: (entry.decision && "key" in entry.decision ? entry.decision.key : undefined) ?? null,
    steps: steps(entry),
    turn: turnFacts(turn),
    actions: actions.map((action) => actionFacts(action, cut)),
    drafts: drafts.map((draft) => draftStory(draft, cut)),
    replies: replies.map((item) => replyFacts(item, cut)),
  };
}

/** A value with every text in it cut. */
function cutDeep(value: Record<string, unknown>, cut: Cut): Record<string, unknown> {
  return JSON.parse(JSON.stringify(value), (_, inner) => (typeof inner === "string" ? cut(inner) : inner));
}

function steps(entry: JournalEntry): (GateStep & { at: string | null })[] {
  return (entry.decision?.gates ?? []).map((gate) => ({ ...gate, at: iso(entry.decidedAt) }));
}

function turnFacts(turn: Turn | undefined) {
  if (!turn) return null;
  return {
    id: turn.id,
    agentId: turn.agentId,
    sessionKey: turn.sessionKey,
    state: turn.state,
    attempt: turn.attempt,
    queuedAt: iso(turn.queuedAt),
    startedAt: iso(turn.startedAt),
    endedAt: iso(turn.endedAt),
    error: turn.error ?? null,
    notes: turn.notes,
    usage: turn.usage,
  };
}

/** What became of one message that goes out, as a story and `GET /v1/sends/ID` tell it. */
export function replyFacts(item: OutboxItem, cut: Cut) {
  return {
    id: item.id,
    state: item.state,
    target: formatTarget(item.target),
    text: item.text === undefined ? null : cut(item.text),
    file: item.file ?? null,
    attempts: item.attempts,
    guid: item.guid ?? null,
    rowId: item.rowId ?? null,
    sentAt: iso(item.settledAt),
    error: item.error ?? null,
    replyTo: item.replyTo ?? null,
    delivery: item.delivery ?? null,
  };
}

function actionFacts({ name, state, parameters, facts, error, beganAt, items }: ActionRecord, cut: Cut) {
  return {
    name,
    state,
    at: new Date(beganAt).toISOString(),
    parameters: cutDeep(parameters, cut),
    facts: facts ?? null,
    error: error ?? null,
    sends: items,
  };
}
