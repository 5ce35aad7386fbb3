import type { MessageRow } from "../conversation/index.js";
import { readableText } from "../conversation/index.js";

/** Turns without new words that a chat may have within the window. */
export const mostTurns = 10;
/** How far back words count as said before, milliseconds. */
const windowMs = 2 * 60_000;
/** How long a chat that answers itself is left alone, milliseconds. */
export const pauseMs = 5 * 60_000;
/** Chats that are watched; those that were quiet longest are forgotten. */
const mostChats = 1000;

interface Talk {
  /** When each word was last said. */
  words: Map<string, number>;
  /** Turns that brought no new word. */
  stale: number[];
  heldUntil: number;
}

/**
 * Stops a chat that answers itself (behaviour 9.2): two programs that talk to each other, or an echo that was not
 * recognised, say the same words again and again; people bring new ones.
 */
export class LoopGuard {
  readonly #talks = new Map<number, Talk>();

  /** Whether the chat is held now. @param at milliseconds since the epoch */
  holds(chatId: number, at: number): boolean {
    return (this.#talks.get(chatId)?.heldUntil ?? 0) > at;
  }

  /**
   * Hears what was said in a chat, by anybody.
   * @param answered whether the row gets a turn
   * @returns true when this row closes the chat for a while
   */
  hear(row: MessageRow, answered: boolean, at: number): boolean {
    const talk = this.#talkOf(row.chat.id);
    const words = wordsOf(row);
    const isNew =
      words.length === 0 || words.some((word) => (talk.words.get(word) ?? -Infinity) <= at - windowMs);
    for (const word of words) talk.words.set(word, at);
    if (!answered || isNew) return false;
    talk.stale = [...talk.stale.filter((time) => time > at - windowMs), at];
    if (talk.stale.length <= mostTurns) return false;
    talk.stale = [];
    talk.heldUntil = at + pauseMs;
    return true;
  }

  #talkOf(chatId: number): Talk {
    const talk = this.#talks.get(chatId) ?? { words: new Map(), stale: [], heldUntil: 0 };
    // Last in the map is the one heard last.
    this.#talks.delete(chatId);
    this.#talks.set(chatId, talk);
    if (this.#talks.size > mostChats) this.#talks.delete(this.#talks.keys().next().value!);
    // A long talk must not grow without end; what is forgotten only counts as new.
    if (talk.words.size > 5000) talk.words.clear();
    return talk;
  }
}

function wordsOf(row: MessageRow): string[] {
  const text = readableText(row.text).toLowerCase();
  // A talk of signs alone is one of words all the same.
  return text.match(/[\p{L}\p{N}]+/gu) ?? (text === "" ? [] : [text]);
}
