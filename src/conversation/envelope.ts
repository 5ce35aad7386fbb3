import type { ReplyContext } from "./message.js";

/** Most files of one turn, in and out (behaviour 9.3). */
export const maxFiles = 20;

/** A file as an agent sees it; a refused one has no `path` and a `note` (behaviour 6.5a). */
export interface EnvelopeAttachment {
  /** The absolute path of a copy that lives until the turn is over. A stored turn never has it. */
  path?: string;
  /** The type that the file's content shows where there is a `path`; else the one that it was declared as. */
  mimeType: string;
  bytes: number;
  name: string;
  /** Why the file has no path, or what its content does not show: that it is a sticker or a voice message. */
  note?: string;
}

/** One source row of a turn. */
export interface EnvelopeMessage {
  /** Short id, valid in this chat for a while; absent where the row has no GUID. */
  sid?: string;
  guid: string;
  rowId: number;
  /** Who wrote the message, where messages of several people became one turn; else the envelope's sender wrote it. */
  sender?: { handle: string; name?: string };
  text: string;
  /** ISO 8601, UTC, milliseconds. */
  sentAt: string;
  /** What it answers; its `sender` is `me` where that was the account's own, its files are handed over where they can be. */
  replyTo?: ReplyContext & { attachments?: EnvelopeAttachment[] };
  attachments: EnvelopeAttachment[];
}

/**
 * What an agent is given with each turn, the same for every runtime (behaviour 6.5a). Documented and versioned:
 * a change that could break a program raises `version`.
 */
export interface Envelope {
  version: 1;
  turnId: string;
  sessionKey: string;
  agentId: string;
  channel: "imessage";
  accountId: string;
  chat: {
    /** Where the answer goes, e.g. `chat_id:88`. */
    target: string;
    chatId: number;
    guid: string;
    identifier: string;
    name: string;
    isGroup: boolean;
    participants: string[];
  };
  sender: { handle: string; name?: string; isOwner: boolean };
  messages: EnvelopeMessage[];
  /** Says that the turn was scheduled: nobody has written its one message just now. Absent in every other turn. */
  scheduled?: {
    id: string;
    /** When it was due, ISO 8601, UTC. */
    dueAt: string;
    /** When it comes again: a cron line on the clock of a zone. */
    repeat?: { cron: string; zone: string };
  };
  /**
   * Says that nobody addressed the agent: it reads along, and what it answers with is not sent (behaviour 18.8). Absent in
   * every other turn.
   */
  listening?: true;
  /** Every source GUID, also those that a cap left out of `messages`. */
  coalescedMessageGuids: string[];
  /** Group messages that were not answered, oldest first; `guid` and `attachments` where files came with one. */
  context: {
    sender: string;
    name?: string;
    text: string;
    sentAt: string;
    guid?: string;
    attachments?: EnvelopeAttachment[];
  }[];
  /** Tapbacks, edits and unsends since the last turn, and what of the agent's own words is held back (behaviour 10.5). */
  notes: string[];
  /** The agent's prompt and the group's, joined by a blank line; absent when there is none. */
  systemPrompt?: string;
  /** The messages rendered with their reply context: what a plain agent should read. */
  text: string;
}
