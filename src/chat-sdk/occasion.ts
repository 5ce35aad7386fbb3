import { AsyncLocalStorage } from "node:async_hooks";
import type { FunctionTurn } from "../agents/index.js";
import { TapbackError } from "../platform/index.js";
import { type Door, doorOfTurn, keysOf } from "./door.js";

/** What the bot is called for now. */
interface Occasion {
  /** Names what it sends elsewhere than as an answer. */
  key: () => string;
  turn?: TurnUnderWay;
}

/** A turn that waits for the bot's handlers. */
interface TurnUnderWay {
  threadId: string;
  door: Door;
  signal: AbortSignal;
  /** Paths of the files that came with it. */
  files: ReadonlySet<string>;
  isOver: boolean;
}

/**
 * Knows on what occasion something is posted: what a bot posts into the conversation of a turn while that goes on is the turn's
 * answer; everything else the program sends.
 */
export class Occasions {
  readonly #now = new AsyncLocalStorage<Occasion>();
  readonly #turns = new Map<string, TurnUnderWay>();

  /** Runs the bot's handlers for a turn. */
  async duringTurn(turn: FunctionTurn, threadId: string, work: () => Promise<void>): Promise<void> {
    const underWay: TurnUnderWay = {
      ...{ threadId, signal: turn.signal, isOver: false },
      door: doorOfTurn(turn),
      files: new Set(turn.files.map(({ path }) => path)),
    };
    const before = this.#turns.get(threadId);
    this.#turns.set(threadId, underWay);
    try {
      await this.#now.run({ key: keysOf(turn.envelope.turnId), turn: underWay }, work);
    } finally {
      underWay.isOver = true;
      if (this.#turns.get(threadId) === underWay) this.#turns.delete(threadId);
      if (before && !before.isOver) this.#turns.set(threadId, before);
    }
  }

  /** Runs the bot's handlers for something that is no turn. @param id of what happened */
  duringEvent(id: string, work: () => Promise<void>): Promise<void> {
    return this.#now.run({ key: keysOf(id) }, work);
  }

  /**
   * The turn that what is done in a conversation now belongs to.
   * @throws `NO_TURN` for what a handler still does in a turn that was stopped
   */
  doorInto(threadId: string): Door | undefined {
    const occasion = this.#now.getStore();
    const own = occasion?.turn?.threadId === threadId ? occasion.turn : undefined;
    if (own?.signal.aborted)
      throw new TapbackError("NO_TURN", "the turn is over, and what is still said in it is nobody's");
    if (own && !own.isOver) return own.door;
    // Nobody knows which of several conversations a handler means that runs for another one.
    return occasion === undefined || own !== undefined ? this.#turns.get(threadId)?.door : undefined;
  }

  /** Whether a path is that of a file which came with a turn that goes on. */
  hasFile(path: string): boolean {
    return [...this.#turns.values()].some(({ files }) => files.has(path));
  }

  /** Names what is sent next on this occasion; what belongs to none is never sent again. */
  nextKey(): string {
    return (this.#now.getStore()?.key ?? keysOf())();
  }
}
