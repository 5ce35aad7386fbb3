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

/** Words and texts that are remembered, of all chats: the rest only counts as new. */
const mostRemembered = 100_000;
/** What a text is judged by, from its beginning, UTF-16 code units. */
const longestText = 20_000;
/** Words of an answer that a person gives again and again: "yes", "not really". */
const shortAnswer = 2;

interface Talk {
  /** Turns that brought no new word. */
  stale: number[];
  heldUntil: number;
  /** Our side said something else than before since the last turn. */
  isAsked: boolean;
}

/**
 * Stops a chat that answers itself (behaviour 9.2): two programs that talk to each other, or an echo that was not
 * recognised, say the same words again and again; people bring new ones, or answer shortly what is asked anew.
 */
export class LoopGuard {
  readonly #talks = new Map<number, Talk>();
  /** When each word, and each text of our side, was last said, by its mark: longest ago first, and nothing of what it was. */
  readonly #said = new Map<number, number>();

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
    const chatId = row.chat.id;
    const talk = this.#talkOf(chatId);
    const words = wordsOf(row);
    const old = words.filter((word) => this.#isSaidAgain(markOf(chatId, word), at));
    const isNew = words.length === 0 || old.length < words.length;
    // No word begins so.
    if (row.fromMe && !this.#isSaidAgain(markOf(chatId, `\n${words.join(" ")}`), at)) talk.isAsked = true;
    this.#forget(at);
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

  /** Notes that it was said now. @returns whether it was within the window before */
  #isSaidAgain(mark: number, at: number): boolean {
    const before = this.#said.get(mark) ?? -Infinity;
    this.#said.delete(mark);
    this.#said.set(mark, at);
    return before > at - windowMs;
  }

  #forget(at: number): void {
    for (const [mark, time] of this.#said) {
      if (time > at - windowMs && this.#said.size <= mostRemembered) return;
      this.#said.delete(mark);
    }
  }

  #talkOf(chatId: number): Talk {
    const talk = this.#talks.get(chatId) ?? { stale: [], heldUntil: 0, isAsked: false };
    // Last in the map is the one heard last.
    this.#talks.delete(chatId);
    this.#talks.set(chatId, talk);
    if (this.#talks.size > mostChats) this.#talks.delete(this.#talks.keys().next().value!);
    return talk;
  }
}

function wordsOf(row: MessageRow): string[] {
  const text = readableText(row.text).slice(0, longestText).toLowerCase();
  // A talk of signs alone is one of words all the same.
  return text.match(/[\p{L}\p{N}]+/gu) ?? (text === "" ? [] : [text]);
}

/** A number in the place of what was said (FNV-1a, 32 bits): two words of a chat rarely share one, the same word of two chats never. */
function markOf(chatId: number, text: string): number {
  let mark = 0x811c9dc5 ^ chatId;
  for (let index = 0; index < text.length; index++)
    mark = Math.imul(mark ^ text.charCodeAt(index), 0x01000193);
  return mark;
}
