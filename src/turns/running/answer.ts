import type { AgentEvent } from "../../agents/index.js";
import type { NewOutboxItem, Usage } from "../../store/index.js";

/** One block of an answer. */
export interface ReplyBlock {
  text: string;
  media?: string[];
  /** The message that the answer is a threaded reply to; without an id, the one at hand (behaviour 6.3). */
  replyTo?: { id?: string };
}

/** A block that waits for the end of its turn. */
export interface KeptBlock {
  block: ReplyBlock;
  /** Why files were left out, for `explain`. */
  notes: string[];
}

/** An answer as the messages that carry it. */
export interface Composed {
  messages: NewOutboxItem[];
  /** What could not be sent, for `explain`. */
  notes: string[];
  /** What the agent is told of it at its next turn. */
  tellNext?: string;
}

/** What a turn has come to so far. */
export interface Answer {
  /** Blocks that were not handed to the outbox yet. */
  blocks: ReplyBlock[];
  notes: string[];
  usage: Usage[];
  /** Its agent was given the turn, and may have spent something. */
  wasAsked: boolean;
  session?: unknown;
  /** The limit of its own at which the agent ended, where it did. */
  limit?: string;
}

/** The block of the answer that an event carries, if it is one. */
export function blockOf(event: AgentEvent): ReplyBlock | undefined {
  if (event.type !== "text") return undefined;
  const { type: _, ...block } = event;
  return block;
}

/** Takes what an event says about the turn itself. @param mask takes secrets out of what an agent says for the log */
export function note(event: AgentEvent, answer: Answer, mask: (text: string) => string): void {
  if (event.type === "session") answer.session = event.session;
  else if (event.type === "note") {
    answer.notes.push(mask(event.text));
    if (event.isLimit) answer.limit = event.text;
  } else if (event.type === "usage") {
    const { type: _, ...usage } = event;
    answer.usage.push(usage);
  }
}
