import { formatTarget } from "../../conversation/index.js";
import type { JournalEntry, OutboxItem, Store, Turn } from "../../store/index.js";
import type { StandIns } from "./stand-ins.js";

const iso = (at: number | undefined) => (at === undefined ? null : new Date(at).toISOString());

/** One message with its story, without anything that somebody wrote. */
export async function reportEntry(entry: JournalEntry, store: Store, standIns: StandIns) {
  const { row, decision } = entry;
  const turn = entry.turnId === undefined ? undefined : await store.turns.get(entry.turnId);
  const { chat } = row;
  return {
    id: entry.id,
    account: entry.account,
    guid: row.guid,
    rowId: row.rowId,
    arrival: entry.arrival,
    state: entry.state,
    sentAt: iso(row.sentAt),
    receivedAt: iso(entry.receivedAt),
    decidedAt: iso(entry.decidedAt),
    fromMe: row.fromMe,
    sender: standIns.handle(row.sender),
    destination: row.destination === undefined ? null : standIns.handle(row.destination),
    text: standIns.text(row.text),
    attachments: row.attachments.map(({ path, mimeType, bytes, missing }) => ({
      path: standIns.path(path),
      mimeType,
      bytes,
      missing,
    })),
    tapback: row.tapback?.kind ?? null,
    balloon: row.balloon ?? null,
    chat: {
      id: chat.id,
      guid: standIns.sentence(chat.guid),
      identifier: standIns.handle(chat.identifier),
      name: standIns.text(chat.name),
      participants: chat.participants.map((handle) => standIns.handle(handle)),
      isGroup: chat.isGroup,
      service: chat.service ?? null,
    },
    decision: decision && {
      kind: decision.kind,
      treatedAs: decision.treatedAs,
      ...("reason" in decision && { reason: decision.reason, key: decision.key ?? null }),
      ...(decision.kind === "command" && { name: decision.name, silent: decision.silent ?? false }),
      gates: decision.gates.map(({ gate, passed, key }) => ({ gate, passed, key: key ?? null })),
    },
    turn: turn ? reportTurn(turn, standIns) : null,
    replies: turn ? (await store.outbox.ofTurn(turn.id)).map((item) => reportSend(item, standIns)) : [],
  };
}

function reportTurn(turn: Turn, standIns: StandIns) {
  return {
    id: turn.id,
    agentId: turn.agentId,
    // A peer is a handle, or a name of session.identityLinks.
    sessionKey: turn.sessionKey.replace(/(?<=:direct:).+$/, (peer) => standIns.handle(peer)),
    state: turn.state,
    attempt: turn.attempt,
    queuedAt: iso(turn.queuedAt),
    startedAt: iso(turn.startedAt),
    endedAt: iso(turn.endedAt),
    // What an agent says of its failure may quote anybody.
    error: turn.error ? { code: turn.error.code, message: standIns.text(turn.error.message) } : null,
  };
}

/** One send, with its outcome. */
export function reportSend(item: OutboxItem, standIns: StandIns) {
  return {
    id: item.id,
    origin: item.origin,
    target: standIns.sentence(formatTarget(item.target)),
    state: item.state,
    attempts: item.attempts,
    createdAt: iso(item.createdAt),
    dueAt: iso(item.dueAt),
    settledAt: iso(item.settledAt),
    text: item.text === undefined ? null : standIns.text(item.text),
    file: item.file === undefined ? null : standIns.path(item.file),
    guid: item.guid ?? null,
    error: item.error ? { code: item.error.code, message: standIns.text(item.error.message) } : null,
  };
}
