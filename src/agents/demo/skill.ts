import type { EnvelopeMessage } from "../../conversation/index.js";
import type { AgentTurn } from "../contract.js";
import type { Memory } from "./memory.js";

/** One message, made easy to match. */
export interface Said {
  /** As written, trimmed, on one line where it was one. */
  raw: string;
  /** Lower case, straight quotes, single spaces, no punctuation at the end. */
  plain: string;
  message: EnvelopeMessage;
}

/** What a skill works with; it may change the memory, which is stored with the turn's end. */
export interface Scene {
  turn: AgentTurn;
  memory: Memory;
  /** 0 inclusive to 1 exclusive. */
  random(): number;
  /** IANA time zone, e.g. `Europe/Berlin`. */
  zone: string;
  /** Tells the log, never the chat. */
  note(text: string): void;
}

/** What a skill says; an empty text says nothing. */
export interface SkillAnswer {
  text: string;
  /** True when the text repeats the person's own words, so it cannot count as the agent's. */
  borrowed?: boolean;
  /** Files to send with it; absolute. */
  media?: string[];
}

/** What to type, for `help`; with an action it is listed only where that is on offer. */
export type Example = string | { text: string; needs: string };

/** One thing that the demo agent can do. */
export interface Skill {
  /** Empty for what needs no mention. */
  examples: Example[];
  /** @returns the answer, or undefined when the message is not for this skill */
  answer(said: Said, scene: Scene): SkillAnswer | undefined | Promise<SkillAnswer | undefined>;
}

/** Whether an action can be done in this conversation now. */
export function isOffered({ turn }: Scene, action: string): boolean {
  return turn.message.offered().some(({ name }) => name === action);
}

/** An answer in the agent's own words. */
export function say(text: string): SkillAnswer {
  return { text };
}
