import type { AgentTurn } from "../../../src/agents/index.js";
import type { Clock } from "../../../src/platform/index.js";
import type { Ledger } from "../ledger.js";
import type { Random } from "../random.js";

/** What an agent has at hand in one turn. */
export interface Hands {
  turn: AgentTurn;
  /** The turn, as its words name it. */
  name: string;
  /** The number of its chat, as the run knows it. */
  chatId: number;
  ledger: Ledger;
  clock: Clock;
  random: Random;
  signal: AbortSignal;
}

/** What it does to an answer. */
export interface Made {
  /** Nothing is said. */
  isSilent?: boolean;
  /** Words of each block. */
  words?: number;
  blocks?: number;
  /** Absolute paths of files that go with the first block. */
  files?: string[];
  /** Asked before the answer; settles when somebody decided. */
  question?: string;
}

/** How an agent treats a message; a word of the message asks for it. One file each, and a line in `manners/index.ts`. */
export interface Manner {
  /** The word. */
  name: string;
  /** How often it is asked for, beside the others. */
  weight: number;
  /** Done before the answer. @throws where the agent fails */
  act?(hands: Hands): Promise<Made | undefined> | Made | undefined;
}
