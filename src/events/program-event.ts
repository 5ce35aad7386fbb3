import { basename } from "node:path";
import { hasSeveralPeople, type MessageRow, normalizeHandle, readableText } from "../conversation/index.js";
import type { Draft, JournalEntry, KeptEvent, KeptEventType, OutboxItem } from "../store/index.js";

/** An event as programs read it, over the API and at their webhooks (behaviour 20.1a): what JSON can hold, and no more. */
export interface ProgramEvent {
  /** Rises from event to event. */
  id: number;
  type: KeptEventType;
  /** When it happened, as ISO 8601 in UTC. */
  at: string;
  account: string;
  /** The conversation as a target of behaviour 8.3; null where there is none, and where its person was forgotten. */
  chat: string | null;
  /** What happened, by the event's type. */
  data: Record<string, unknown>;
}

/** What a reader is told beside the events. */
export interface ReaderNote {
  id: number;
  /** `gap`: of the events up to its id not all are told. `cursor`: there was nothing to tell up to its id. */
  type: "gap" | "cursor";
  at: string;
  account: null;
  chat: null;
  data: Record<string, unknown>;
}

/** Says that events up to this one are not all told, for they are not there any more. @param at milliseconds since the epoch */
export function gapEvent(upTo: number, at: number): ReaderNote {
  return { ...cursorEvent(upTo, at), type: "gap", data: { upTo } };
}

/** Says how far a reader is, where no event does. @param at milliseconds since the epoch */
export function cursorEvent(id: number, at: number): ReaderNote {
  return { id, type: "cursor", at: new Date(at).toISOString(), account: null, chat: null, data: {} };
}

/** @returns the event with the words that are still kept */
export function programEvent(event: KeptEvent): ProgramEvent {
  const { id, type, at, account, chat } = event;
  return {
    ...{ id, type, at: new Date(at).toISOString(), account },
    chat: chat === undefined ? null : targetOfChatKey(chat),
    data: dataOf(event),
  };
}

/** Writes the key of a chat as people name its conversation. */
export function targetOfChatKey(key: string): string {
  if (key.startsWith("chat:")) return `chat_id:${key.slice("chat:".length)}`;
  return key.startsWith("handle:") ? key.slice("handle:".length) : key;
}

function dataOf(event: KeptEvent): Record<string, unknown> {
  switch (event.type) {
    case "message":
      return { arrival: event.facts.arrival, ...(event.about && messageOf(event.about)) };
    case "decision":
      return {
        ...{ decision: event.facts.kind, reason: event.facts.reason ?? null },
        ...(event.about && { entry: event.about.id, guid: event.about.row.guid }),
      };
    case "turn": {
      const { state, attempt } = event.facts;
      const turn = event.about;
      const about = turn && {
        ...{ turn: turn.id, agent: turn.agentId, session: turn.sessionKey },
        messages: turn.envelope.coalescedMessageGuids ?? [],
      };
      return { state, attempt, ...about, error: errorOf(event.facts.code, turn?.error) };
    }
    case "sent": {
      const item = event.about;
      const about = item && { origin: item.origin, turn: item.turnId ?? null, guid: item.guid ?? null };
      const error = errorOf(event.facts.code, item?.error);
      return { state: event.facts.state, ...(item && { send: item.id, ...partOf(item) }), ...about, error };
    }
    case "draft":
      return { state: event.facts.state, ...(event.about && draftOf(event.about)) };
    case "question": {
      const question = event.about;
      const about = question && {
        ...{ question: question.id, turn: question.turnId, title: question.title },
        options: question.options.map(({ name }) => name),
        choice: question.choice ?? null,
        answeredBy: question.answeredBy ?? null,
      };
      return { state: event.facts.state, kind: event.facts.kind, ...about };
    }
    case "pairing": {
      const request = event.about;
      const about = request && { sender: request.handle, name: request.name ?? null, text: request.text };
      return { state: event.facts.state, ...about };
    }
    case "health":
      return { state: event.facts.state, error: event.facts.error ?? null };
  }
}

function messageOf({ id, row }: JournalEntry): Record<string, unknown> {
  return {
    ...{ entry: id, guid: row.guid, rowId: row.rowId },
    ...{ fromMe: row.fromMe, sender: normalizeHandle(row.sender), senderName: row.senderName ?? null },
    ...{ text: readableText(row.text), sentAt: new Date(row.sentAt).toISOString() },
    ...{
      group: hasSeveralPeople(row.chat, row.destination),
      chatGuid: row.chat.guid,
      chatName: row.chat.name,
    },
    replyTo: row.replyTo?.guid ?? null,
    attachments: row.attachments.map(({ name, mimeType, bytes }) => ({ name, mimeType, bytes })),
    ...newsOf(row),
  };
}

/** What a row is beside words of its own. */
function newsOf({ tapback, change, poll }: MessageRow): Record<string, unknown> {
  const { guid, kind, text } = change ?? {};
  return {
    ...(tapback && { tapback }),
    ...(change && { change: { guid, kind, text: text ?? "" } }),
    ...(poll && { poll }),
  };
}

function draftOf({ id, agentId, to, turnId, decidedBy, parts }: Draft): Record<string, unknown> {
  const optional = { turn: turnId ?? null, decidedBy: decidedBy ?? null };
  return { draft: id, agent: agentId, to, ...optional, parts: parts.map(partOf) };
}

/** What a send is made of. A file is told by its name: where it lies says something of the machine alone. */
function partOf({ text, file, act }: OutboxItem): Record<string, unknown> {
  return {
    text: text ?? null,
    ...(file !== undefined && { file: basename(file) }),
    ...(act && { action: act.name }),
  };
}

/** @param now why it failed, as that is kept now: its words are those of the event where it is the same error */
function errorOf(
  code: string | undefined,
  now: { code: string; message: string } | undefined,
): object | null {
  if (code === undefined) return null;
  return { code, message: now?.code === code ? now.message : "" };
}
