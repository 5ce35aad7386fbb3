import { formatTarget, type GateStep } from "../../conversation/index.js";
import { TapbackError } from "../../platform/index.js";
import type { JournalEntry, OutboxItem, Store, Turn } from "../../store/index.js";
import { type Context, openState } from "../context.js";
import { localTime, printJson, printLine, span, styled } from "../output.js";
import { inboxRow } from "./inbox.js";

/** `tapback explain`: the story of one message (behaviour 14). */
export async function explain(context: Context, message: string): Promise<undefined> {
  const store = openState(context);
  try {
    const entry = find(store, message);
    const turn = entry.turnId ? store.turns.get(entry.turnId) : undefined;
    const replies = turn ? store.outbox.ofTurn(turn.id) : [];
    if (context.json)
      return void printJson({
        ...inboxRow(entry),
        steps: steps(entry),
        turn: turnFacts(turn),
        replies: replies.map(replyFacts),
      });
    tell(entry, turn, replies);
  } finally {
    await store.close();
  }
}

function find(store: Store, message: string): JournalEntry {
  const entry =
    message === "last"
      ? store.journal.list({ limit: 1 })[0]
      : /^\d+$/.test(message)
        ? store.journal.get(Number(message))
        : store.journal.findByGuid(message);
  if (entry) return entry;
  throw new TapbackError("MESSAGE_UNKNOWN", `there is no message ${message} in the journal`, {
    hint: "`tapback inbox` lists the messages with their numbers.",
  });
}

function steps(entry: JournalEntry): (GateStep & { at: string | null })[] {
  const at = entry.decidedAt === undefined ? null : new Date(entry.decidedAt).toISOString();
  return (entry.decision?.gates ?? []).map((gate) => ({ ...gate, at }));
}

function turnFacts(turn: Turn | undefined) {
  if (!turn) return null;
  const iso = (at: number | undefined) => (at === undefined ? null : new Date(at).toISOString());
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

function replyFacts(item: OutboxItem) {
  return {
    id: item.id,
    state: item.state,
    target: formatTarget(item.target),
    text: item.text ?? null,
    file: item.file ?? null,
    attempts: item.attempts,
    guid: item.guid ?? null,
    rowId: item.rowId ?? null,
    sentAt: item.settledAt === undefined ? null : new Date(item.settledAt).toISOString(),
    error: item.error ?? null,
  };
}

function tell(entry: JournalEntry, turn: Turn | undefined, replies: OutboxItem[]): void {
  const { row, decision } = entry;
  printLine(
    styled("bold", `Message ${entry.id}`) +
      ` from ${row.senderName ?? row.sender} in chat_id:${row.chat.id} (${entry.account})`,
  );
  printLine(`  written   ${localTime(row.sentAt)}`);
  printLine(
    `  arrived   ${localTime(entry.receivedAt)} (${entry.arrival}, ${span(entry.receivedAt - row.sentAt)} later)`,
  );
  printLine(`  GUID      ${row.guid || "none"}`);
  if (!decision) return void printLine(`  ${styled("yellow", "not decided yet")}`);
  printLine("\nGates");
  for (const gate of decision.gates) {
    const mark = gate.passed ? styled("green", "✓") : styled("red", "✗");
    printLine(`  ${mark} ${gate.gate}: ${gate.detail}${gate.key ? styled("dim", ` [${gate.key}]`) : ""}`);
  }
  printLine(
    `\nDecision: ${styled("bold", decision.kind)}${"reason" in decision ? ` (${decision.reason})` : ""}`,
  );
  if ("remedy" in decision) printLine(`  ${decision.remedy}`);
  if (!turn) return;
  printLine(`\nTurn of ${turn.agentId} in ${turn.sessionKey}: ${turn.state}`);
  if (turn.startedAt !== undefined)
    printLine(`  waited ${span(turn.startedAt - turn.queuedAt)}, attempt ${turn.attempt}`);
  if (turn.endedAt !== undefined && turn.startedAt !== undefined)
    printLine(`  ran ${turn.endedAt - turn.startedAt} ms`);
  if (turn.error) printLine(`  ${styled("red", turn.error.code)}: ${turn.error.message}`);
  for (const note of turn.notes) printLine(`  note: ${note}`);
  for (const { model, inputTokens, outputTokens, cachedInputTokens } of turn.usage)
    printLine(`  ${model}: ${inputTokens} tokens in (${cachedInputTokens} cached), ${outputTokens} out`);
  for (const item of replies) {
    const error = item.error ? ` (${item.error.code}: ${item.error.message})` : "";
    printLine(
      `\nReply ${item.ordinal + 1}: ${item.state}${error}${item.guid ? styled("dim", ` ${item.guid}`) : ""}`,
    );
    if (item.text) printLine(item.text.replace(/^/gm, "  | "));
    if (item.file) printLine(`  file ${item.file}`);
  }
}
