import { outside, wordsOf } from "../words.js";
import type { Facts, Invariant } from "./invariant.js";

/** Nothing is done or read outside a turn's authority (behaviour 10.3a). */
export function withinAuthority(): Invariant {
  let judgedReaches = 0;
  let judgedLooks = 0;
  return {
    name: "nothing is done outside a turn's authority",
    step(facts: Facts) {
      const { ledger, fresh } = facts;
      for (; judgedReaches < ledger.reaches.length; judgedReaches++) {
        const { isOwners, isDone, what, turnId } = ledger.reaches[judgedReaches]!;
        if (!isOwners && isDone) return `turn ${turnId} of a guest ${what}`;
      }
      for (; judgedLooks < ledger.looks.length; judgedLooks++) {
        const { name, chatId, texts } = ledger.looks[judgedLooks]!;
        for (const text of texts) {
          const other = elsewhere(facts, text, chatId);
          if (other !== undefined)
            return `turn ${name} of chat ${chatId} read of chat ${other}: ${text.slice(0, 60)}`;
        }
      }
      for (const { text, id, files } of fresh) {
        const reached = wordsOf(text).find(({ word }) => word === outside);
        const run = reached && ledger.runOf(reached.turn);
        if (reached && !run?.isOwners) return `row ${id} was sent from a guest's turn to somebody else`;
        const foreign = files.find((name) => !/^t[0-9a-f]{8}\.\d+\.txt$|^answer/.test(name));
        if (foreign !== undefined) return `row ${id} has the file ${foreign}, which is of no answer`;
      }
      // What an agent is shown is of its own conversation.
      const run = ledger.runs.at(-1);
      for (const token of run?.tokens ?? []) {
        const said = ledger.said.get(token);
        if (
          said &&
          run &&
          (said.group !== undefined || personOf(facts, run.chatId) !== said.who) &&
          said.chatId !== run.chatId
        )
          return `the agent of chat ${run.chatId} was shown ${token} of chat ${said.chatId}`;
      }
      return undefined;
    },
  };
}

function personOf(facts: Facts, chat: number): string | undefined {
  return facts.personOf.get(chat);
}

/** @returns the chat from which a text is, where that is another conversation than the one at hand */
function elsewhere(facts: Facts, text: string, chatId: number): number | undefined {
  const own = personOf(facts, chatId);
  const [answer] = wordsOf(text);
  // Answers name the messages that they answer; a list for an owner, which names both, is of the chat in which it stands.
  const from =
    answer === undefined
      ? facts.ledger.said.get(/^m\d+(?= asks|$)/.exec(text)?.[0] ?? "")?.chatId
      : facts.ledger.runOf(answer.turn)?.chatId;
  if (from === undefined || from === chatId) return undefined;
  if (answer?.word === outside) return undefined;
  return own !== undefined && personOf(facts, from) === own ? undefined : from;
}
