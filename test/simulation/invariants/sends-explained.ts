import { basename } from "node:path";
import { macOfAccount } from "../cast.js";
import { numberOf } from "../numbers.js";
import { outside, repliesIn, wordsOf } from "../words.js";
import type { Facts, Invariant, Request } from "./invariant.js";

/** The one piece of news that the outbox cannot keep (behaviour 16.1b). */
const pastOutbox = /^The gateway('s state can be written again| cannot keep anything)/;

/** What the outbox says is true, and every own row of Messages has its send (behaviour 10.1). */
export function sendsExplained(): Invariant {
  return {
    name: "every send is told as it ended",
    request: followsGivenUp,
    end({ ledger, state }: Facts) {
      const items = state
        .prepare(
          "SELECT id, account, origin, turn_id, ordinal, chat_key, text, file, state, guid, row_id, form ->> '$.poll.question' AS poll FROM outbox ORDER BY id",
        )
        .all();
      const byId = new Map(ledger.own.map((row) => [row.id, row]));
      const byGuid = new Map(ledger.own.map((row) => [row.guid.toLowerCase(), row]));
      const taken = new Set<number>();
      const words = new Map<string, Set<number>>();
      const givenUp = new Set<string>();
      for (const row of ledger.own)
        for (const { turn, word } of wordsOf(row.text))
          words.set(turn, (words.get(turn) ?? new Set()).add(word));
      for (const item of items) {
        const name = `send ${item.id} (turn ${String(item.turn_id).slice(0, 8)}, ${item.ordinal}: ${String(item.text).slice(0, 40)})`;
        if (item.state === "pending" || item.state === "sending") return `${name} is still ${item.state}`;
        const number = numberOf(macOfAccount(String(item.account)), Number(item.row_id));
        const row = byId.get(number) ?? byGuid.get(String(item.guid).toLowerCase());
        if (row) taken.add(row.id);
        // What a command lists is not said.
        const itsWords = item.origin === "command" ? [] : wordsOf(String(item.text ?? ""));
        const there = itsWords.filter(({ turn, word }) => words.get(turn)?.has(word)).length;
        if ((item.state === "stored" || item.state === "delivered") && there < itsWords.length)
          return `${name} is told as ${item.state} and stands nowhere`;
        // What follows a part that was given up would be half an answer (behaviour 8.1).
        if (item.turn_id !== null && Number(item.ordinal) >= 0) {
          const turn = String(item.turn_id);
          if (item.state === "not_sent") givenUp.add(turn);
          else if (givenUp.has(turn) && item.state !== "unknown" && itsWords.length > 0)
            return `${name} follows a part that was not sent`;
        }
        // What is written to somebody else may be to another one in each run of its turn.
        if (item.state === "not_sent" && there > 0 && itsWords.some(({ word }) => word !== outside))
          return `${name} is told as not sent, and stands in the chat`;
      }
      const unknown = items
        .filter((item) => item.state === "unknown")
        .map((item) => (item.file === null ? String(item.text) : basename(String(item.file))));
      const polls = new Set(items.map(({ poll }) => poll));
      for (const row of ledger.own) {
        if (isOfPoll(row, polls, state)) continue;
        if (taken.has(row.id) || ledger.byHand.has(row.guid) || pastOutbox.test(row.text)) continue;
        const at = unknown.indexOf(row.files[0] ?? row.text);
        if (at === -1 && ledger.mayDouble(row.poll ?? row.text)) continue;
        if (at === -1) return `row ${row.id} of chat ${row.chatId} is of no send: ${row.text.slice(0, 60)}`;
        unknown.splice(at, 1);
      }
      return undefined;
    },
  };
}

/**
 * What follows a part that was given up, or of which nobody knows whether it went, is not begun any more (behaviour 8.1). Judged
 * until a clock is set: then times do not tell which was first.
 */
function followsGivenUp({ ledger, state }: Facts, { method, params }: Request): string | undefined {
  if (method !== "send" && method !== "send.tracked") return undefined;
  const text = String(params.text ?? "");
  if (repliesIn(text).length === 0 || ledger.counts.has("clock jumps")) return undefined;
  const before = state
    .prepare(
      `SELECT ahead.id, ahead.state FROM outbox part JOIN outbox ahead
         ON ahead.turn_id = part.turn_id AND ahead.ordinal >= 0 AND ahead.ordinal < part.ordinal
       WHERE part.state IN ('pending', 'sending') AND part.state = 'sending' AND part.text = ? AND part.attempts = 1
         AND ahead.state IN ('not_sent', 'unknown') AND ahead.settled_at < part.taken_at`,
    )
    .get(text);
  return before && `"${text.slice(0, 40)}" is sent behind send ${before.id}, which is ${before.state}`;
}

/**
 * A poll that a text asked the same as after it, or its caption (protocol reference 20): known as an echo at least, or as
 * nobody's where imsg gave it the wrong direction.
 */
function isOfPoll(
  { guid, text }: { guid: string; text: string },
  polls: Set<unknown>,
  state: Facts["state"],
) {
  if (!polls.has(text)) return false;
  const row = state.prepare("SELECT reason FROM journal WHERE guid = ?").get(guid);
  return row === undefined || row.reason === "echo" || row.reason === "no_sender";
}
