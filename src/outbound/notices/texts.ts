import { cutText, type Decision, formatTarget, type MessageRow } from "../../conversation/index.js";
import {
  isRerun,
  type JournalEntry,
  type OutboxItem,
  type SendOutcome,
  type Turn,
  type TurnError,
} from "../../store/index.js";
import type { HoldBack } from "../pacing.js";
import type { NoticeText } from "./owner-notices.js";

/** Most of an agent's own words that an owner reads on a phone; `explain` has all of them. */
const mostSaid = 200;

/** A turn that failed. @param entries the rows that it was to answer */
export function turnNotice(turn: Turn, error: TurnError, entries: JournalEntry[]): NoticeText {
  const { sender, chat } = turn.envelope;
  const who = sender.isOwner && !chat.isGroup ? "You" : (sender.name ?? sender.handle);
  const where = chat.isGroup ? ` in ${chat.name || chat.target}` : "";
  const last = entries.at(-1);
  const again = last && `tapback retry ${last.id}${isRerun(last.arrival) ? " --again" : ""}`;
  const next = last ? `\nSee \`tapback explain ${last.id}\`; run it again with \`${again}\`.` : "";
  const { code, message, hint, cause = "" } = error;
  const words = cause.replace(/\s+/g, " ").trim();
  const said = words === "" ? "" : ` It said: ${cutText(words, mostSaid)}`;
  const remedy = hint === undefined ? "" : `\n${hint}`;
  return {
    kind: "turn_failed",
    cause: code,
    text: `${who}${where} got no answer from ${turn.agentId}: ${message} (${code}).${said}${remedy}${next}`,
  };
}

/** A send whose outcome an owner must know; undefined for all that went well, and for notices themselves. */
export function sendNotice(item: OutboxItem, outcome: SendOutcome): NoticeText | undefined {
  if (item.origin === "owner-notice" || (outcome.state !== "unknown" && outcome.state !== "not_sent"))
    return undefined;
  const { code, message } = outcome.error;
  // A line that says that a turn is at work, or waits, is of no use to anybody once it is over.
  if (item.ordinal < 0 && code === "STOPPED") return undefined;
  const where = formatTarget(item.target);
  if (outcome.state === "unknown")
    return {
      kind: "send_unknown",
      // Every one is reported (behaviour 16.4).
      cause: String(item.id),
      text: `Whether a message reached ${where} is not known: ${message}. It was not repeated; look into the chat, and at \`tapback message status ${item.id}\`.`,
    };
  return code === "RECIPIENT_REFUSED"
    ? { kind: "send_refused", text: `A message to ${where} was refused: ${message}.` }
    : { kind: "send_failed", cause: code, text: `A message to ${where} was not sent: ${message} (${code}).` };
}

/** A message that has to wait for its turn. */
export function heldNotice(item: OutboxItem, held: HoldBack): NoticeText {
  const text = `Messages to ${formatTarget(item.target)} are ${held.detail}. They go on by themselves; what waits longer than outbound.ttlMinutes is not sent.`;
  return { kind: "held_back", text };
}

/** A chat in which the agent keeps quiet. */
export function quietNotice(row: MessageRow, decision: Decision): NoticeText | undefined {
  if (decision.kind !== "drop") return undefined;
  if (decision.reason === "hushed")
    return {
      kind: "hushed",
      text: `You wrote to ${whereOf(row, decision.treatedAs === "group")} by hand, so the agent keeps quiet there for a while (handoff.quietMinutes). Commands still work.`,
    };
  return decision.reason === "loop_guard" ? loopNotice(row) : undefined;
}

/** A chat that answers itself, and is left alone for a while (behaviour 9.2). */
export function loopNotice(row: MessageRow): NoticeText {
  const where = whereOf(row, row.chat.isGroup);
  const text = `The chat with ${where} answered itself again and again without new words. I leave it alone for five minutes.`;
  return { kind: "loop", text };
}

/** A chat whose messages go as SMS. */
export function smsNotice({ target }: OutboxItem): NoticeText {
  const text = `Replies in ${formatTarget(target)} go out as SMS, not as iMessage. Said once per conversation.`;
  return { kind: "sms", text };
}

function whereOf({ chat, senderName, sender }: MessageRow, isGroup: boolean): string {
  return isGroup ? chat.name || `chat_id:${chat.id}` : (senderName ?? sender);
}
