import { outside, repliesIn, tokensOf, wordsOf } from "../words.js";
import type { Facts, Invariant, Request } from "./invariant.js";

/** Each reply once, in its chat, in order (behaviour 5.3, 8.1, 16.4). */
export function onceAndInOrder(): Invariant {
  /** Words that were seen, each with its row. */
  const seen = new Map<string, number>();
  /** The newest word of each turn that was handed over. */
  const newest = new Map<string, { text: string; word: number }>();
  /** Which turn answered a message. */
  const answeredBy = new Map<string, string>();
  return {
    name: "each reply once, in its chat, in order",
    // Messages itself may write the rows of what it was handed in another order.
    request(_facts: Facts, { method, params }: Request) {
      if (method !== "send" && method !== "send.tracked") return undefined;
      const text = String(params.text ?? "");
      const words = repliesIn(text);
      const [first] = words;
      // Another try of the same.
      if (first === undefined || newest.get(first.turn)?.text === text) return undefined;
      const before = newest.get(first.turn);
      newest.set(first.turn, { text, word: words.at(-1)!.word });
      return before && first.word < before.word
        ? `t${first.turn}.w${first.word} is sent behind w${before.word}`
        : undefined;
    },
    step({ fresh, ledger, personOf }: Facts) {
      for (const row of fresh) {
        if (row.text.startsWith("late words")) return `row ${row.id} says what a dead life had to say`;
        const words = wordsOf(row.text);
        for (const { turn, word } of words) {
          const name = `t${turn}.w${word}`;
          if (word === outside) continue;
          const before = seen.get(name);
          if (before !== undefined && !ledger.mayDouble(row.text))
            return `${name} stands in the rows ${before} and ${row.id}`;
          seen.set(name, row.id);
          const run = ledger.runOf(turn);
          if (run === undefined) return `${name} is of no turn`;
          if (!sameConversation(personOf, run.chatId, row.chatId))
            return `${name} belongs to chat ${run.chatId} and stands in chat ${row.chatId}`;
        }
        const [first] = repliesIn(row.text);
        if (first === undefined) continue;
        for (const token of tokensOf(row.text)) {
          const other = answeredBy.get(token);
          if (other !== undefined && other !== first.turn)
            return `${token} is answered by the turns ${other} and ${first.turn}`;
          answeredBy.set(token, first.turn);
        }
      }
      return undefined;
    },
  };
}

/** A person's chats are one. */
function sameConversation(personOf: Facts["personOf"], one: number, other: number): boolean {
  if (one === other) return true;
  return personOf.get(one) !== undefined && personOf.get(one) === personOf.get(other);
}
