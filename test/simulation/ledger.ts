import type { AgentManner } from "./plan.js";

/** Something that a person wrote, as it was written. */
export interface Said {
  /** Its word in every text that has to do with it: `m17`. */
  token: string;
  guid: string;
  rowId: number;
  chatId: number;
  who: string;
  group?: number | undefined;
  asks: AgentManner | "command" | "opt out" | "quote";
  /** Milliseconds of the world. */
  at: number;
  unsent?: boolean;
  /** Edited, or stored again: a copy would say something else than its message. */
  touched?: boolean;
}

/** A run of an agent. */
export interface AgentRun {
  turnId: string;
  tokens: string[];
  chatId: number;
  isOwners: boolean;
  attempt: number;
}

/** An own row of Messages. */
export interface OwnRow {
  id: number;
  guid: string;
  chatId: number;
  text: string;
  /** Milliseconds of the world. */
  seenAt: number;
}

/** What really happened, as the world saw it and not as the gateway tells it. */
export class Ledger {
  readonly said = new Map<string, Said>();
  readonly byGuid = new Map<string, Said>();
  readonly runs: AgentRun[] = [];
  readonly byHand = new Set<string>();
  /** Own rows of the gateway, in the order of their numbers. */
  readonly own: OwnRow[] = [];
  /** What a turn's agent said in all, by turn: how many words its answer has. */
  readonly answers = new Map<string, number>();
  readonly counts = new Map<string, number>();

  /** Notes that something happened. */
  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  say(said: Said): void {
    this.said.set(said.token, said);
    this.byGuid.set(said.guid, said);
  }
}

/** Words of answers: `t1a2b3c4d.0.w3`. */
export function wordsOf(text: string): { turn: string; block: number; word: number }[] {
  return [...text.matchAll(/\bt([0-9a-f]{8})\.(\d+)\.w(\d+)\b/g)].map(([, turn, block, word]) => ({
    turn: turn!,
    block: Number(block),
    word: Number(word),
  }));
}

/** Words of messages: `m17`. */
export function tokensOf(text: string): string[] {
  return text.match(/\bm\d+\b/g) ?? [];
}
