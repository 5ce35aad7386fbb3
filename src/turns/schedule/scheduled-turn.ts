import { randomUUID } from "node:crypto";
import type { Envelope, MessageRow } from "../../conversation/index.js";
import type { NewTurn, ScheduledMessage, ScheduleMaker } from "../../store/index.js";
import type { SessionAssignment } from "../turn-rules.js";

type Made = ScheduledMessage & { maker: ScheduleMaker };

/** What its maker would have written, had they written it themselves: what the gates and the routing look at. */
export function rowOf({ maker, item, dueAt }: Made): MessageRow {
  const { chatId: id, guid, identifier, name, participants, isGroup } = maker.chat;
  const chat = { id, guid, identifier, name, participants, isGroup };
  const text = item.text ?? "";
  return {
    ...{
      rowId: 0,
      guid: "",
      chat,
      sender: maker.handle,
      fromMe: false,
      text,
      sentAt: dueAt,
      attachments: [],
    },
    ...(maker.name !== undefined && { senderName: maker.name }),
  };
}

/**
 * The turn of one run: its one message is the text that was scheduled, from who made it.
 * @param isOwner the maker's right as it is now
 * @param newest which of its times it is for, as in `timesOf`
 * @param at milliseconds since the epoch
 */
export function turnOf(
  schedule: Made,
  place: SessionAssignment,
  isOwner: boolean,
  { newest, at }: { newest: number; at: number },
): NewTurn {
  const { id, account, item, maker, repeat } = schedule;
  const { agentId, sessionKey, systemPrompt } = place;
  const turnId = randomUUID();
  const text = item.text ?? "";
  const due = isoOf(newest);
  const envelope: Envelope = {
    ...{ version: 1, turnId, sessionKey, agentId, channel: "imessage", accountId: account },
    chat: maker.chat,
    sender: { handle: maker.handle, ...(maker.name !== undefined && { name: maker.name }), isOwner },
    messages: [{ guid: "", rowId: 0, text, sentAt: isoOf(at), attachments: [] }],
    scheduled: { id, dueAt: due, ...(repeat && { repeat }) },
    coalescedMessageGuids: [],
    context: [],
    notes: [noteOf(schedule, newest)],
    ...(systemPrompt && { systemPrompt }),
    text,
  };
  return { id: turnId, account, sessionKey, agentId, envelope };
}

function noteOf({ id, createdAt, dueAt, repeat }: Made, newest: number): string {
  const when = repeat ? `it comes by "${repeat.cron}" (${repeat.zone})` : "it comes once";
  const missed =
    newest === dueAt ? "" : `, this time once for all the times since ${isoOf(dueAt)}, when it could not run`;
  return `Nobody wrote just now. What follows was scheduled at ${isoOf(createdAt)} for ${isoOf(newest)} with the id ${id}; ${when}${missed}. Your answer goes into this chat.`;
}

function isoOf(at: number): string {
  return new Date(at).toISOString();
}
