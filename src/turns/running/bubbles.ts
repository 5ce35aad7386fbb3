import { type Clock, type Log, messageOf } from "../../platform/index.js";
import type { ClaimedTurn, NewOutboxItem, Store } from "../../store/index.js";
import type { Answer, Composed, KeptBlock, ReplyBlock } from "./answer.js";

/** How an answer is sent (behaviour 6.3). */
export interface Streaming {
  mode: "final" | "block";
  /** Most messages of one turn. */
  maxBubbles: number;
}

/** What blocks are sent, and kept, with. */
export interface BubblesDeps {
  store: Store;
  clock: Clock;
  log: Log;
  /** Takes secrets out of a text that is kept for people to read. */
  mask: (text: string) => string;
  /** Copies the files of a block that waits; so many of the answer wait already. */
  keep: (block: ReplyBlock, before: number) => Promise<KeptBlock>;
}

/**
 * Sends blocks of an answer while the turn still runs, as long as one message stays free for the rest, which is joined.
 * A block that cannot be stored now is kept for the end, with all that follow.
 */
export class Bubbles {
  #sent = 0;
  #closed: boolean;

  /** @param compose makes messages of blocks; `sent` of the turn went before */
  constructor(
    private readonly claimed: ClaimedTurn,
    private readonly streaming: Streaming,
    private readonly compose: (blocks: ReplyBlock[], sent: number) => Promise<Composed>,
    private readonly deps: BubblesDeps,
  ) {
    this.#closed = streaming.mode === "final";
  }

  /** How many messages went out before the end. */
  get sent(): number {
    return this.#sent;
  }

  /** The place of a message that no earlier attempt can have taken: what a failed turn says is said in any case. */
  get free(): number {
    return Math.max(this.#sent, this.claimed.emitted);
  }

  /**
   * Sends a block, or keeps it for the end.
   * @param answer gets the notes of what was sent, or the block
   * @param signal of the turn: what would be stored after a stop nobody would stop any more
   */
  async take(block: ReplyBlock, answer: Answer, signal: AbortSignal): Promise<void> {
    // What is composed for nothing would be composed again at the end.
    if (!this.#closed && this.#sent + 1 < this.streaming.maxBubbles) {
      const { messages, notes } = await this.compose([block], this.#sent);
      if (signal.aborted) return;
      if (this.#sent + messages.length < this.streaming.maxBubbles && (await this.#emit(messages))) {
        answer.notes.push(...notes);
        return;
      }
    }
    this.#closed = true;
    const before = answer.blocks.reduce((count, { media = [] }) => count + media.length, 0);
    const kept = await this.deps.keep(block, before);
    answer.notes.push(...kept.notes.map(this.deps.mask));
    answer.blocks.push(kept.block);
  }

  async #emit(items: NewOutboxItem[]): Promise<boolean> {
    if (items.length === 0) return true;
    const { store, clock, log } = this.deps;
    const { claim, turn } = this.claimed;
    try {
      const held = await store.turns.emit(claim, items, this.#sent, clock.now());
      if (held === "lost") return false;
      this.#sent += items.length;
      return true;
    } catch (error) {
      log.warn(`a block of an answer is kept for the end of its turn: ${messageOf(error)}`, {
        turn: turn.id,
      });
      return false;
    }
  }
}
