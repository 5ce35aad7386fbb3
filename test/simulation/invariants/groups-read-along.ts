import { byMention, readAlong } from "../cast.js";
import { placeOf } from "../numbers.js";
import { alongBlock, repliesIn, wordsOf } from "../words.js";
import type { Facts, Invariant } from "./invariant.js";

const mostTurnsPerHour = 6;
const hourMs = 60 * 60_000;

/**
 * What nobody addressed to the agent it has once, in the group that is read along alone; it opens no more turns for it than an
 * hour allows, and nothing is said in them but what the agent says there (behaviour 18.8).
 */
export function groupsReadAlong(): Invariant {
  let judged = 0;
  /** The turn that had a message as context, or read along with it. */
  const heardBy = new Map<string, string>();
  return {
    name: "a group is read along once, and in silence",
    step({ ledger, state, groupIds, fresh }: Facts) {
      const isKept = (turnId: string) =>
        state.prepare("SELECT 1 FROM turn WHERE id = ?").get(turnId) !== undefined;
      for (; judged < ledger.runs.length; judged++) {
        const { turnId, chatId, tokens, context, isListening } = ledger.runs[judged]!;
        if (isListening && placeOf(chatId).id !== groupIds[readAlong])
          return `turn ${turnId} reads along in chat ${chatId}`;
        if (isListening) ledger.count("turn that reads along");
        for (const token of isListening ? [...context, ...tokens] : context) {
          const said = ledger.said.get(token);
          if (said?.group === undefined || !byMention.includes(said.group)) continue;
          const before = heardBy.get(token);
          heardBy.set(token, turnId);
          // A turn that was on no disk when the power was cut is none.
          if (before !== undefined && before !== turnId && isKept(before))
            return `${token} was context of turn ${before}, and is of ${turnId}`;
        }
      }
      for (const { text, id, chatId } of fresh) {
        const along = wordsOf(text).filter(({ block }) => block === alongBlock);
        const answers = repliesIn(text).some(({ turn }) => ledger.runOf(turn)?.isListening);
        const isElsewhere = along.some(({ turn }) => ledger.runOf(turn)?.chatId !== chatId);
        if (answers || isElsewhere)
          return `row ${id} in chat ${chatId} is of a turn that reads along: ${text.slice(0, 60)}`;
        if (along.length > 0) ledger.count("said by who reads along");
      }
      return undefined;
    },
    end({ state }: Facts) {
      const opened = new Map<string, number[]>();
      for (const { place, at } of state
        .prepare(
          "SELECT account || ' ' || (envelope ->> '$.chat.chatId') AS place, queued_at AS at FROM turn WHERE envelope ->> '$.listening' ORDER BY queued_at",
        )
        .all())
        opened.set(String(place), [...(opened.get(String(place)) ?? []), Number(at)]);
      for (const [place, times] of opened)
        for (const [index, at] of times.entries()) {
          const within = (times[index + mostTurnsPerHour] ?? Number.POSITIVE_INFINITY) - at;
          if (within < hourMs)
            return `${mostTurnsPerHour + 1} turns read along in ${place} within ${within} ms`;
        }
      const said = state
        .prepare(
          "SELECT t.id, o.text FROM turn t JOIN outbox o ON o.turn_id = t.id WHERE t.envelope ->> '$.listening'",
        )
        .get();
      return said && `turn ${said.id} reads along, and answers: ${said.text}`;
    },
  };
}
