import type { Agent, AgentEvent, AgentTurn } from "../../agents/index.js";
import type { Envelope } from "../../conversation/index.js";
import type {
  Admittance,
  Claim,
  NewOutboxItem,
  Turn,
  TurnChoice,
  TurnEnd,
  TurnError,
} from "../../store/index.js";
import type { Composed, KeptBlock, ReplyBlock } from "./answer.js";
import type { Streaming } from "./bubbles.js";

/** What the runner asks, and tells, on the way of a turn from its claim to its end. */
export interface TurnParts {
  limits: TurnLimits;
  preparation: TurnPreparation;
  agents: AgentLender;
  equipment: TurnEquipment;
  composer: ReplyComposer;
  signs: SignsOfLife;
  steering: TurnSteeringRules;
  listener: TurnListener;
}

/** How much may run, and for how long. */
export interface TurnLimits {
  /** Turns of all sessions at once. */
  maxConcurrent(): number;
  /** Time limit of a turn, milliseconds. */
  timeoutMs(turn: Turn): Promise<number>;
  /** Whether a claimed turn begins: its people may have had all of their day (behaviour 18.3b). It has ended, or waits again, where it does not. */
  admit(turn: Turn, claim: Claim): Promise<Admittance>;
  /** Which turns are taken; absent: all. */
  choice?: TurnChooser;
}

/** Says which turns are taken: not those that nobody here answers now. */
export interface TurnChooser {
  /** Those of now. */
  now(): Promise<TurnChoice | undefined>;
  /** Which may be taken with the end of another one; false: none, it has to be asked anew. */
  withEnd(): boolean | TurnChoice;
}

/** Follows what other processes do with turns that run here. */
export interface TurnsElsewhere {
  /** One begins here. */
  begins(turn: Turn): Promise<void>;
  /** Something happened to turns. @param sessions in which some run here */
  look(sessions: readonly string[]): Promise<void>;
}

/** What is done for a turn before its agent hears of it. */
export interface TurnPreparation {
  /**
   * Looks at a turn's messages once more before its agent sees them.
   * @returns the envelope to run with; undefined when there is nothing left to answer: then the turn ends at once
   */
  refresh(turn: Turn, claim: Claim): Promise<Envelope | undefined>;
  /** Makes the files of a turn ready for this run. @returns the envelope to run with, and notes for `explain` */
  ready(turn: Turn, signal: AbortSignal): Promise<{ envelope: Envelope; notes: string[] }>;
}

/** Lends the agents of sessions. */
export interface AgentLender {
  /**
   * The agent of a turn, kept until it is given back.
   * @param moved the session ran elsewhere since: what the agent keeps of it here is out of date
   * @throws `AGENT_UNKNOWN`
   */
  lend(turn: Turn, moved?: boolean): Promise<LentAgent>;
}

/** An agent, with the way to say that it is not used any more. */
export interface LentAgent {
  agent: Agent;
  /** To be called once, when the turn is over. */
  giveBack(): void;
}

/** Gives agents what they have beside the envelope. */
export interface TurnEquipment {
  /**
   * @param wait lets the clocks of the turn stand still while a person is asked; what it returns lets them go on
   * @returns what the turn's agent may use, until its `end`
   */
  equip(turn: Turn, wait: () => () => void): Equipment;
}

/** What an agent may use while its turn runs; over with the turn. */
export interface Equipment {
  tools: Pick<
    AgentTurn,
    "message" | "schedule" | "ask" | "history" | "rights" | "mcp" | "temporaryFolder" | "zone"
  >;
  /** Puts a permission request to an owner. */
  ask(request: PermissionRequest): void;
  /** Ends what the turn may do, and the questions that it asked; called again it ends what was asked meanwhile. */
  end(): void;
}

export type PermissionRequest = AgentEvent & { type: "permission" };

/** Turns answers into messages. */
export interface ReplyComposer {
  /** Whether blocks of the turn's answer go out before its end (behaviour 6.3). */
  streaming(turn: Turn): Streaming;
  /**
   * Copies the files of a block that waits for the end of its turn.
   * @param before how many files of the answer wait already
   */
  keep(turn: Turn, block: ReplyBlock, before: number): Promise<KeptBlock>;
  /** @returns what is sent; also the neutral line of a failed turn */
  compose(turn: Turn, blocks: ReplyBlock[], how: Composing): Promise<Composed>;
  /** What the agent is told, before it answers, of what becomes of its answer. */
  notesFor(turn: Turn): string[];
  /** @returns the end of a turn with what has to wait for an owner's yes as drafts (behaviour 18.1) */
  hold(turn: Turn, end: TurnEnd): Promise<TurnEnd>;
}

/** What a turn that takes long says (behaviour 6.3a). */
export interface SignsOfLife {
  /** The line, and after how many milliseconds without a word it is said; undefined where none is. */
  of(turn: Turn): { item: NewOutboxItem; afterMs: number } | undefined;
  /** Whether the chat sees already that the turn is at work, or our side keeps quiet there. */
  isNeedless(turn: Turn): Promise<boolean>;
}

/** Whether messages may join a turn that runs (behaviour 5.4a). */
export interface TurnSteeringRules {
  /** The queue mode is `steer` now. */
  isOn(): boolean;
  /** Whether the messages of a turn that waits say what they said when they came (behaviour 9.7). */
  isAsWritten(waiting: Turn): Promise<boolean>;
}

/** How an answer is put into messages. */
export interface Composing {
  failed: boolean;
  /** Why it failed: an owner reads that in the place of the neutral line. */
  error?: TurnError;
  /** How many messages of the same answer went before. */
  sent: number;
  /** Of the turn: what takes long for the answer's form alone ends with it. */
  signal?: AbortSignal;
}

/** Hears of turns. */
export interface TurnListener {
  /** Told before the agent hears of a turn. */
  started(turn: Turn): void;
  /** Told when a turn ended; not of one that is given back to be run again. */
  ended(turn: Turn, end: TurnEnd): void;
  /** Told when a turn waits again, because nobody is there any more to answer it. */
  waitsAgain?(turn: Turn): void;
}
