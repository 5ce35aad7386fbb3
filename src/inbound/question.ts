import { carriesFiles } from "../access/index.js";
import { chatKeysOf, readableText } from "../conversation/index.js";
import type { Answerer, AskedIn, JournalEntry, Question, Store, WrittenAt } from "../store/index.js";
import { chosenIn, type Given, questionWords } from "../turns/index.js";
import { fitsQuestion, isYesOrNo } from "./fitting.js";

/** A vote in a poll that asked a question; its text is empty where the row does not tell it. */
export type PollVote = Extract<Given, { vote: string }>;

/** A row as an answer to a permission request (behaviour 6.5), about a draft (18.1) or to an agent's question (18.2). */
export interface GivenAnswer {
  /** The one that is meant; several where the row does not say which (behaviour 6.5). */
  questions: [Question, ...Question[]];
  given: Given;
  /** Whether it says by itself which question it is for: a reply to it, or a tapback on it. */
  isNamed: boolean;
  /** Whether it is words of any kind in reply to it: better ones for a draft. */
  isFree: boolean;
}

/** Words that answer a question by themselves, in any case. */
const choice = /^(?:\d{1,2}|yes|no|y|n|ok|okay|allow|deny|always|approve|reject|send|drop|👍|👎)[.)!]?$/iu;

/** The keycap of a number, as a tapback: a digit alone may be one of the quoted text, taken for the emoji (protocol reference 7.2). */
const keycap = /^([1-9])\ufe0f?\u20e3$/u;

/**
 * What a row would answer a question of the gateway with, and where that was asked: a like or dislike on it, a reply to it, or
 * a bare number while it is open or was the last thing said in the chat, or a plain yes or no to the only open one. Neither
 * says anything about what was asked after it was written. Words of any other kind answer a draft, in reply to it: with
 * better words (behaviour 18.1); and an agent's question, with one of its choices or where it takes words (18.2).
 */
export function answerIn({
  row,
  receivedAt,
}: Pick<JournalEntry, "row" | "receivedAt">): { where: AskedIn; given: GivenAnswer["given"] } | undefined {
  const { tapback, replyTo, poll } = row;
  if (poll?.kind === "vote") return voteIn(poll);
  if (tapback) {
    const { kind, added, targetGuid } = tapback;
    const number = keycap.exec(tapback.emoji)?.[1];
    if (kind !== "like" && kind !== "dislike" && number === undefined) return undefined;
    const given = { kind, added, ...(number !== undefined && { number: Number(number) }) };
    return { where: { guid: targetGuid, fits: fitting(given, true) }, given };
  }
  const text = readableText(row.text).trim();
  // What begins with a slash is a command, and no words for somebody else.
  if (text === "" || text.startsWith("/") || row.change) return undefined;
  const isFree = !choice.test(text);
  // An answer in words brings no files along: they would be lost (behaviour 18.2).
  const withFiles = carriesFiles(row);
  const fitsWords = fitting(text, replyTo !== undefined);
  const fits: typeof fitsWords = (question, isAlone) =>
    !(withFiles && question.kind === "ask" && (isFree || chosenIn(question, text) === undefined)) &&
    fitsWords(question, isAlone);
  if (replyTo) return { where: { guid: replyTo.guid, ...(isFree && { isFree }), fits }, given: text };
  // In reply to something else it answers that; what comes with files says more than a choice.
  if (isFree && withFiles) return undefined;
  const isNumber = /^(?:[1-9]|1[0-2])[.)]?$/.test(text);
  const words = isNumber ? undefined : isYesOrNo(text) ? ("choice" as const) : ("other" as const);
  const gave = (question: Question) => question.choice === choiceIn(question, text);
  const chat = { keys: chatKeysOf(row), ...writtenAt({ row, receivedAt }), words };
  return { where: { chat, fits, gave }, given: text };
}

/** When a message was written, for what was asked before it; a time ahead of ours counts as the row's arrival. */
export function writtenAt({ row, receivedAt }: Pick<JournalEntry, "row" | "receivedAt">): WrittenAt {
  return { rowId: row.rowId, writtenAt: Math.min(row.sentAt, receivedAt) };
}

/** What is kept of an answer in these words. */
function choiceIn(question: Question, text: string): string {
  const chosen = chosenIn(question, text);
  if (chosen === undefined) return text;
  return questionWords.choice(chosen === "deny" ? undefined : chosen);
}

function fitting(given: Given, isReply: boolean): NonNullable<AskedIn["fits"]> {
  return (question, isAlone) => fitsQuestion(question, given, { isReply, isAlone });
}

/** A vote as imsg reports it (protocol reference 4.5): that which was chosen last, else that which was taken back. */
function voteIn(poll: Record<string, unknown>): { where: AskedIn; given: PollVote } | undefined {
  const all = (Array.isArray(poll.votes) ? poll.votes : [poll.vote]) as Record<string, unknown>[];
  const chosen = all.findLast((each) => each?.event_type === "selected") ?? all.at(-1);
  const guid = poll.original_guid ?? poll.poll_guid;
  if (typeof guid !== "string") return undefined;
  // Who takes all back leaves an empty snapshot.
  const { option_text: text, option_id: id, event_type: kind } = chosen ?? {};
  return {
    where: { guid },
    given: { vote: String(text ?? ""), option: String(id ?? ""), added: kind === "selected" },
  };
}

/** The name of an option that a row names by its id alone, as builds before 0.12.2 do. */
async function namedOption(
  { vote, option, added }: PollVote,
  guid: string | undefined,
  account: string,
  { journal }: Pick<Store, "journal">,
): Promise<PollVote> {
  if (vote !== "" || guid === undefined) return { vote, option, added };
  const options = (await journal.findByGuid(guid, account))?.row.poll?.options;
  const found = Array.isArray(options)
    ? options.find((each: { id?: unknown }) => each?.id === option)
    : undefined;
  return { vote: String(found?.text ?? ""), option, added };
}

/** Finds the questions that a row of somebody may answer. Whether the sender is let in is not judged here. */
export async function findAnswer(
  entry: Pick<JournalEntry, "row" | "receivedAt" | "account">,
  store: Pick<Store, "questions" | "journal">,
  by: Answerer,
): Promise<GivenAnswer | undefined> {
  const answer = answerIn(entry);
  if (!answer) return undefined;
  const [first, ...more] = await store.questions.asked(entry.account, { ...answer.where, by });
  const isNamed = answer.where.guid !== undefined;
  const isFree = answer.where.isFree === true;
  const { given: said, where } = answer;
  const isVote = typeof said !== "string" && "vote" in said;
  const given = isVote ? await namedOption(said, where.guid, entry.account, store) : said;
  return first && { questions: [first, ...more], given, isNamed, isFree };
}
