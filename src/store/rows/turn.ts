import { chatKeyOf, type Envelope, replyTargetOfEnvelope, type Target } from "../../conversation/index.js";
import { type SqlValue, TapbackError } from "../../platform/index.js";
import type { Turn, TurnEnd, TurnError, TurnOrigin, TurnState } from "../turns.js";
import type { Usage } from "../usage.js";
import { fromJson, orUndefined } from "./columns.js";

/** The target of a turn whose envelope was forgotten: it has ended, and nothing is sent for it. */
const nowhere: Target = { kind: "handle", handle: "", service: "auto" };

/** @param envelope what is left of it: retention empties it (`retention.ts`) */
function targetOf({ chat, sender }: Partial<Envelope>): Target {
  return chat && sender ? replyTargetOfEnvelope({ chat, sender }) : nowhere;
}

/** A row of the table `turn`, as the domain reads it. */
export function toTurn(row: Record<string, SqlValue>): Turn {
  const envelope = JSON.parse(String(row.envelope)) as Envelope;
  const target = targetOf(envelope);
  const turn: Turn = {
    id: String(row.id),
    account: String(row.account),
    sessionKey: String(row.session_key),
    agentId: String(row.agent_id),
    state: row.state as TurnState,
    envelope,
    target,
    chatKey: chatKeyOf(target),
    attempt: Number(row.attempt),
    deaths: Number(row.deaths),
    queuedAt: Number(row.queued_at),
    notes: fromJson<string[]>(row.notes) ?? [],
    usage: fromJson<Usage[]>(row.usage) ?? [],
  };
  const startedAt = orUndefined<number>(row.started_at);
  if (startedAt !== undefined) turn.startedAt = startedAt;
  const endedAt = orUndefined<number>(row.ended_at);
  if (endedAt !== undefined) turn.endedAt = endedAt;
  const error = fromJson<TurnError>(row.error);
  if (error) turn.error = error;
  return turn;
}

/** The end of a turn that somebody wanted to end: nothing of it is sent or remembered. */
export function asCancelled({ notes, usage }: TurnEnd): TurnEnd {
  return { outcome: "cancelled", replies: [], ...(notes && { notes }), ...(usage && { usage }) };
}

/** Whether a turn came from a conversation; without one, any did. */
export function isFrom({ account, envelope }: Turn, from: TurnOrigin | undefined): boolean {
  return from === undefined || (account === from.account && from.chats.includes(envelope.chat.target));
}

/** What became of turns that a process holds under its claims. @param rows of the table `turn`, those that are there still */
export function renewed(
  held: readonly { id: string; fence: number }[],
  rows: readonly Record<string, SqlValue>[],
): { lost: string[]; cancel: string[] } {
  const found = new Map(rows.map((row) => [row.id, row]));
  const isHeld = ({ id, fence }: { id: string; fence: number }) => {
    const row = found.get(id);
    return row?.state === "running" && Number(row.fence) === fence;
  };
  const lost = held.filter((claim) => !isHeld(claim)).map(({ id }) => id);
  const cancel = held.filter((claim) => isHeld(claim) && found.get(claim.id)!.cancel_at !== null);
  return { lost, cancel: cancel.map(({ id }) => id) };
}

/**
 * A run that lost its turn, or that somebody ended, asks and does nothing any more (behaviour 21.3).
 * @param turn its `state`, `attempt` and `cancel_at` as the store has it; absent where it has none
 * @throws `NO_TURN`
 */
export function mustBeRun(turn: Record<string, SqlValue> | undefined, run: number): void {
  if (turn === undefined) return;
  if (turn.state === "running" && Number(turn.attempt) === run && turn.cancel_at === null) return;
  throw new TapbackError("NO_TURN", "the turn is over, or another run of it has begun");
}
