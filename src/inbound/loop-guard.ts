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

/** Words and texts of a chat that are remembered. */
const mostRemembered = 5000;
/** Words of an answer that a person gives again and again: "yes", "not really". */
const shortAnswer = 2;

interface Talk {
  /** When each word was last said. */
  words: Map<string, number>;
  /** Turns that brought no new word. */
  stale: number[];
  heldUntil: number;
  /** When each text of our side was last said. */
  said: Map<string, number>;
  /** Our side said something else than before since the last turn. */
  isAsked: boolean;
}

/**
 * Stops a chat that answers itself (behaviour 9.2): two programs that talk to each other, or an echo that was not
 * recognised, say the same words again and again; people bring new ones, or answer shortly what is asked anew.
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
   * @param at milliseconds since the epoch
   * @returns true when this row closes the chat for a while
   */
  hear(row: MessageRow, answered: boolean, at: number): boolean {
    const talk = this.#talkOf(row.chat.id);
    const words = wordsOf(row);
    const isNew =
      words.length === 0 || words.some((word) => (talk.words.get(word) ?? -Infinity) <= at - windowMs);
    for (const word of words) talk.words.set(word, at);
    if (row.fromMe) this.#hearOurs(talk, words.join(" "), at);
    if (!answered) return false;
    const isAnswer = talk.isAsked && words.length <= shortAnswer;
    talk.isAsked = false;
    if (isNew || isAnswer) return false;
    talk.stale = [...talk.stale.filter((time) => time > at - windowMs), at];
    if (talk.stale.length <= mostTurns) return false;
    talk.stale = [];
    talk.heldUntil = at + pauseMs;
    return true;
  }

  #hearOurs(talk: Talk, text: string, at: number): void {
    if ((talk.said.get(text) ?? -Infinity) <= at - windowMs) talk.isAsked = true;
    talk.said.set(text, at);
  }

  #talkOf(chatId: number): Talk {
    const talk = this.#talks.get(chatId) ?? emptyTalk();
    // Last in the map is the one heard last.
    this.#talks.delete(chatId);
    this.#talks.set(chatId, talk);
    if (this.#talks.size > mostChats) this.#talks.delete(this.#talks.keys().next().value!);
    // A long talk must not grow without end; what is forgotten only counts as new.
    if (talk.words.size > mostRemembered) talk.words.clear();
    if (talk.said.size > mostRemembered) talk.said.clear();
    return talk;
  }
}

function emptyTalk(): Talk {
  return { words: new Map(), stale: [], heldUntil: 0, said: new Map(), isAsked: false };
}

function wordsOf(row: MessageRow): string[] {
  const text = readableText(row.text).toLowerCase();
  // A talk of signs alone is one of words all the same.
  return text.match(/[\p{L}\p{N}]+/gu) ?? (text === "" ? [] : [text]);
}
