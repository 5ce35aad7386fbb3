import { owner } from "../cast.js";
import type { Asked, Ledger, OwnRow } from "../ledger.js";
import { askedIn } from "../words.js";
import type { Facts, Invariant } from "./invariant.js";

/** How long after the first vote it counts as it is then, and what a row takes on its way to it; milliseconds. */
const voteSettleMs = 5000;
const onItsWayMs = 1000;
/** How far the clocks of the two sides may be apart once one was set; milliseconds. */
const apartMs = 300_000;
/** Of what asks one question in one chat: a poll with its words before it and its caption, and the text in a poll's place. */
const mostRows = { poll: 1, choices: 1, words: 2 };

/**
 * What an agent asks stands where it belongs, once; it is answered once, by somebody who may, with what was chosen last; and
 * what the agent was told is what is kept, whatever run of its turn asked (behaviour 18.2).
 */
export function questionsAnswered(): Invariant {
  const rowsOf = new Map<string, number>();
  /** What each question came to, as its turn was told. */
  const told = new Map<string, string>();
  const open = new Set<Asked>();
  let seen = 0;
  return {
    name: "a question is answered once, by who may",
    step(facts: Facts) {
      const { fresh, ledger } = facts;
      for (const row of fresh) {
        const wrong = misplaced(row, facts) ?? twice(row, rowsOf, ledger);
        if (wrong !== undefined) return wrong;
      }
      for (; seen < ledger.asked.length; seen++) open.add(ledger.asked[seen]!);
      for (const asked of open) {
        if (asked.answer === undefined) continue;
        open.delete(asked);
        const answer = JSON.stringify(asked.answer);
        const before = told.get(asked.question) ?? answer;
        told.set(asked.question, before);
        if (before !== answer)
          return `${asked.question} was ${before} for one run, and ${answer} for the next`;
        const wrong = notGiven(asked, facts) ?? earlierVote(asked, facts);
        if (wrong !== undefined) return wrong;
      }
      return undefined;
    },
    end({ ledger, state }: Facts) {
      const kept = state.prepare("SELECT * FROM question WHERE kind = 'ask'").all();
      for (const { title, state: end, choice } of kept) {
        ledger.count(`question ${end}`);
        if (end === "open") return `${title} is still open`;
        if (end === "answered" && choice === null) return `${title} is answered with nothing`;
      }
      for (const { question, turnId, answer } of ledger.asked) {
        if (answer === undefined) continue;
        const isKept = kept.some(
          ({ title, turn_id, state: end, choice, answered_by: by }) =>
            title === question &&
            turn_id === turnId &&
            ("expired" in answer
              ? end === "expired"
              : end === "answered" && by === answer.by && choice === chosen(answer)),
        );
        if (!isKept)
          return `${question} was told to its turn as ${JSON.stringify(answer)}, and is not kept so`;
      }
      return undefined;
    },
  };
}

function chosen(answer: NonNullable<Asked["answer"]>): string | undefined {
  if ("choice" in answer) return answer.choice;
  return "words" in answer ? answer.words : undefined;
}

function misplaced({ text, poll, id, chatId }: OwnRow, { ledger, personOf }: Facts): string | undefined {
  const question = askedIn(poll ?? text);
  if (question === undefined) return undefined;
  const asked = ledger.asked.find((each) => each.question === question);
  if (asked === undefined) return `row ${id} asks what no agent asked: ${question}`;
  const home = ledger.runs.find(({ turnId }) => turnId === asked.turnId)!.chatId;
  const person = personOf.get(chatId);
  const isHome = chatId === home || (person !== undefined && person === personOf.get(home));
  if (isHome ? asked.who === "owner" && person !== owner : asked.who === "chat" || person !== owner)
    return `row ${id} asks in chat ${chatId} what belongs elsewhere: ${question}`;
  return undefined;
}

function twice(
  { text, poll, id, chatId }: OwnRow,
  rowsOf: Map<string, number>,
  ledger: Ledger,
): string | undefined {
  const question = askedIn(poll ?? text);
  if (question === undefined) return undefined;
  const form = poll !== undefined ? "poll" : text.includes("\n1. ") ? "choices" : "words";
  const key = `${chatId} ${form} ${question}`;
  const count = (rowsOf.get(key) ?? 0) + 1;
  rowsOf.set(key, count);
  return count > mostRows[form] && !ledger.mayDouble(poll ?? text)
    ? `row ${id} asks ${question} once more (${form})`
    : undefined;
}

/** What an agent was told must have been said by somebody who may, since it was asked. */
function notGiven(asked: Asked, { ledger, personOf }: Facts): string | undefined {
  const { answer, question, turnId, who } = asked;
  if (answer === undefined || "expired" in answer) return undefined;
  const runs = ledger.runs.filter((run) => run.turnId === turnId);
  const isOwners = runs.some((run) => run.isOwners);
  const person = personOf.get(runs[0]!.chatId);
  const writers = isOwners || who === "owner" ? [] : runs.flatMap((run) => run.writers);
  const mayAnswer = [owner, ...writers, ...(isOwners || who === "owner" || !person ? [] : [person])];
  const { by } = answer;
  if (!mayAnswer.includes(by)) return `${by} answered ${question}, which was for ${mayAnswer.join(", ")}`;
  const asks = ledger.asked.find((each) => each.question === question)!.at;
  // Before the row of what asks is known, times alone tell what came after it; clocks that were set do not agree.
  const since = ledger.counts.has("clock jumps") ? asks - apartMs : asks;
  const isSaid = ledger.inOrder.some(
    (said) => said.who === by && said.at >= since && means(said, answer, asked.options),
  );
  const isMarked =
    "choice" in answer &&
    marksOf(ledger, question).some((mark) => mark.who === by && mark.choice === answer.choice);
  return isSaid || isMarked
    ? undefined
    : `${question} was answered with ${JSON.stringify(answer)}, which ${by} never chose`;
}

function means(
  { text, token }: { text: string; token: string },
  answer: NonNullable<Asked["answer"]>,
  options: readonly string[],
): boolean {
  if ("words" in answer) return answer.words === text || answer.words.startsWith(`${token} `);
  if (!("choice" in answer)) return false;
  return text === answer.choice || text === String(options.indexOf(answer.choice) + 1);
}

/** What was put on the messages that ask a question. */
function marksOf(ledger: Ledger, question: string): Ledger["marks"] {
  const rows = new Set(
    ledger.own.flatMap(({ text, poll, guid }) => (askedIn(poll ?? text) === question ? guid : [])),
  );
  return ledger.marks.filter(({ asked }) => rows.has(asked));
}

/** A vote that its voter changed in time counts as the last one; judged where nothing died or failed meanwhile. */
function earlierVote(asked: Asked, { ledger, state }: Facts): string | undefined {
  const { answer, answeredAt = 0, question } = asked;
  if (answer === undefined || !("choice" in answer)) return undefined;
  const { choice, by } = answer;
  const since = ledger.asked.find((each) => each.question === question)!.at;
  const marks = marksOf(ledger, question).filter(({ who }) => who === by);
  const isOtherwise =
    marks.some((mark) => mark.kind !== "vote" || mark.choice === undefined) ||
    ledger.inOrder.some((said) => said.who === by && said.at >= since && means(said, answer, asked.options));
  if (isOtherwise || marks.length === 0) return undefined;
  ledger.count("question answered by vote");
  if (!ledger.isUndisturbed(since, answeredAt)) return undefined;
  const find = state.prepare("SELECT received_at, decided_at FROM journal WHERE guid = ?");
  const votes = marks.flatMap(({ guid, choice: voted }) => {
    const row = find.get(guid);
    return row
      ? { choice: voted, receivedAt: Number(row.received_at), decidedAt: Number(row.decided_at) }
      : [];
  });
  const settlesAt = Math.min(...votes.map(({ receivedAt }) => receivedAt)) + voteSettleMs;
  // It counts earlier where the question's time is over.
  const ended = state
    .prepare("SELECT min(ended_at) AS at FROM question WHERE title = ? AND state = 'answered'")
    .get(question);
  const countedAt = Math.min(settlesAt, Number(ended?.at ?? settlesAt)) - onItsWayMs;
  const last = votes.findLast(({ decidedAt }) => decidedAt > 0 && decidedAt < countedAt);
  const isLater = last && votes.slice(votes.indexOf(last) + 1).some((vote) => vote.choice === choice);
  if (votes.length > 1) ledger.count("question answered by a changed vote");
  return last && last.choice !== choice && !isLater
    ? `${question} counts as ${choice}, and ${by} had changed it to ${last.choice}`
    : undefined;
}
