import type { ChosenAnswer } from "../../src/agents/index.js";

/** Something that a person wrote, as it was written. */
export interface Said {
  /** Its word in every text that has to do with it: `m17`. */
  token: string;
  guid: string;
  /** Its row and its chat, as the run numbers them. */
  rowId: number;
  chatId: number;
  who: string;
  group?: number | undefined;
  /** Whether it mentions the agent, in the group that asks for it. */
  mentions: boolean;
  /** A manner of the agent, or `command`, `opt out`, `quote`. */
  asks: string;
  text: string;
  /** Milliseconds of the world. */
  at: number;
  unsent?: boolean;
  /** Edited, or stored again: a copy would say something else than its message. */
  touched?: boolean;
}

/** A run of an agent. */
export interface AgentRun {
  turnId: string;
  /** Words of the messages that asked for it. */
  tokens: string[];
  chatId: number;
  isOwners: boolean;
  isScheduled: boolean;
  attempt: number;
  /** Who wrote what it answers. */
  writers: string[];
  /** Words of the messages that it has as context. */
  context: string[];
  /** Nobody addressed it: it reads along. */
  isListening: boolean;
}

/** An own row of Messages. */
export interface OwnRow {
  id: number;
  guid: string;
  chatId: number;
  text: string;
  /** What it asks, where it is a poll; its text is empty then. */
  poll?: string | undefined;
  /** Names of its files. */
  files: string[];
  /** Milliseconds of the world. */
  seenAt: number;
}

/** What an agent tried outside its conversation. */
export interface Reach {
  turnId: string;
  isOwners: boolean;
  what: string;
  isDone: boolean;
}

/** What an agent was shown of the past, or read in files. */
export interface Look {
  /** The turn, as words name it. */
  name: string;
  chatId: number;
  texts: string[];
}

/** What an agent planned for later. */
export interface PlanForLater {
  id: string;
  chatId: number;
  /** By the gateway's time of day. */
  dueAt: number;
  text: string;
  isCancelled: boolean;
}

/** A question that an agent put to people, once for each run of its turn. */
export interface Asked {
  /** Names it, in its text too. */
  question: string;
  turnId: string;
  who: "chat" | "owner";
  options: readonly string[];
  /** Milliseconds of the world. */
  at: number;
  answer?: ChosenAnswer;
  answeredAt?: number;
}

/** What somebody chose for a question otherwise than in words. */
export interface Mark {
  who: string;
  /** GUID of the message that asked. */
  asked: string;
  /** GUID of its own row. */
  guid: string;
  kind: "vote" | "tapback";
  /** Absent where it was taken back. */
  choice: string | undefined;
  at: number;
}

/** An alert as it was sent to its webhook. */
export interface SentAlert {
  state: string;
  kind: string;
  account: string;
  /** When the trouble was first seen, as the alert says it. */
  since: string;
  /** Whether the gateway could know that it arrived. */
  isAnswered: boolean;
  /** Milliseconds of the world. */
  at: number;
}

/** What really happened, as the world saw it and not as the gateway tells it. */
export class Ledger {
  readonly said = new Map<string, Said>();
  readonly byGuid = new Map<string, Said>();
  /** Who asked a poll, by its GUID: the agent has it as words of theirs. */
  readonly pollAskers = new Map<string, string>();
  /** In the order of writing. */
  readonly inOrder: Said[] = [];
  readonly runs: AgentRun[] = [];
  readonly #runByName = new Map<string, AgentRun>();
  readonly byHand = new Set<string>();
  /** Own rows of the gateway, in the order in which they were seen. */
  readonly own: OwnRow[] = [];
  readonly reaches: Reach[] = [];
  readonly looks: Look[] = [];
  readonly plans: PlanForLater[] = [];
  /** Questions of agents that were answered with yes. */
  readonly leaves: { question: string; askedAt: number; givenAt: number }[] = [];
  readonly asked: Asked[] = [];
  /** In the order in which they were given. */
  readonly marks: Mark[] = [];
  /** Codes that strangers were shown. */
  readonly codes: { mac: number; code: string; handle: string }[] = [];
  /** What an owner told the gateway to approve; it may have been too late, or lost. */
  readonly approvals: { mac: number; handle: string; at: number }[] = [];
  /** In the order in which they were sent. */
  readonly alerts: SentAlert[] = [];
  /** When each life of the gateway ended, in order or not; milliseconds of the world. */
  readonly lifeEnds: number[] = [];
  /** When time and order said nothing: a life began, the disk failed, a clock was set. Milliseconds of the world. */
  readonly #disturbances: { from: number; to: number }[] = [];
  /** Nodes that handed something to a Mac under no id that makes another one the same message, by its words. */
  readonly #handed = new Map<string, Set<number>>();
  readonly counts = new Map<string, number>();

  /** Notes that something happened. */
  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  /** Something happens that changes when things are done. @param forMs how long, milliseconds */
  disturb(from: number, forMs = 0): void {
    this.#disturbances.push({ from, to: from + forMs });
  }

  /** Whether nothing such happened between two times. */
  isUndisturbed(from: number, to: number): boolean {
    return this.#disturbances.every((each) => each.to < from || each.from > to);
  }

  /** A node hands something to a Mac by such a call. */
  hand(words: string, node: number): void {
    this.#handed.set(words, (this.#handed.get(words) ?? new Set()).add(node));
  }

  /** Whether something may stand twice, because one node had handed it over when it lost its account to another (behaviour 21.4c). */
  mayDouble(words: string): boolean {
    const may = (this.#handed.get(words)?.size ?? 0) > 1;
    if (may) this.count("send doubled by a take-over");
    return may;
  }

  /** An agent runs. */
  run(run: AgentRun): void {
    this.runs.push(run);
    this.#runByName.set(run.turnId.slice(0, 8), run);
  }

  /** The last run of a turn. @param name as it stands in words of answers */
  runOf(name: string): AgentRun | undefined {
    return this.#runByName.get(name);
  }

  /** Somebody wrote something. */
  say(said: Said): void {
    this.inOrder.push(said);
    this.said.set(said.token, said);
    this.byGuid.set(said.guid, said);
  }
}
