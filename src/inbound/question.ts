import type { TapbackEvent } from "../conversation/index.js";
import { chatKeysOf, readableText } from "../conversation/index.js";
import type { AskedIn, JournalEntry, Question, Store } from "../store/index.js";

/** A vote in a poll that asked a question. */
export interface PollVote {
  /** The text of its option; empty where the row does not tell. */
  vote: string;
  /** Its id. */
  option: string;
  added: boolean;
}

/** A row as an answer to a permission request (behaviour 6.5) or about a draft (18.1). */
export interface GivenAnswer {
  /** The one that is meant; several where the row does not say which (behaviour 6.5). */
  questions: [Question, ...Question[]];
  given: string | Pick<TapbackEvent, "kind" | "added"> | PollVote;
  /** Whether it says by itself which question it is for: a reply to it, or a tapback on it. */
  isNamed: boolean;
  /** Whether it is words of any kind in reply to it: better ones for a draft. */
  isFree: boolean;
}

/** Words that answer a question by themselves, in any case. */
const choice = /^(?:\d|yes|no|y|n|ok|okay|allow|deny|always|approve|reject|send|drop|👍|👎)[.)!]?$/iu;

/**
 * What a row would answer a question of the gateway with, and where that was asked: a like or dislike on it, a reply to it, or
 * a bare number while it is open or was the last thing said in the chat, or a plain yes or no to the only open one. Neither
 * says anything about what was asked after it was written; a time ahead of ours counts as the row's arrival. A reply in words
 * of any other kind answers a draft alone: with better words (behaviour 18.1).
 */
export function answerIn({
  row,
  receivedAt,
}: Pick<JournalEntry, "row" | "receivedAt">): { where: AskedIn; given: GivenAnswer["given"] } | undefined {
  const { tapback, replyTo, poll } = row;
  if (poll?.kind === "vote") return voteIn(poll);
  if (tapback) {
    const { kind, added, targetGuid } = tapback;
    if (kind !== "like" && kind !== "dislike") return undefined;
    return { where: { guid: targetGuid }, given: { kind, added } };
  }
  const text = readableText(row.text).trim();
  if (!choice.test(text)) {
    // What begins with a slash is a command, and no words for somebody else.
    if (!replyTo || text === "" || text.startsWith("/") || row.change) return undefined;
    return { where: { guid: replyTo.guid, isFree: true }, given: text };
  }
  const writtenAt = Math.min(row.sentAt, receivedAt);
  const isWord = /^(?:yes|no)[.)!]?$/i.test(text);
  const isPlain = isWord || /^[1-9][.)]?$/.test(text);
  // In reply to something else it answers that.
  const chat = !replyTo && isPlain ? { keys: chatKeysOf(row), writtenAt, isWord } : undefined;
  if (!replyTo && !chat) return undefined;
  return { where: { guid: replyTo?.guid, chat }, given: text };
}

/** A vote as imsg reports it (protocol reference 4.5): that which was chosen, else that which was taken back. */
function voteIn(poll: Record<string, unknown>): { where: AskedIn; given: PollVote } | undefined {
  const all = (Array.isArray(poll.votes) ? poll.votes : [poll.vote]) as Record<string, unknown>[];
  const chosen = all.findLast((each) => each?.event_type === "selected") ?? all.at(-1);
  const guid = poll.original_guid ?? poll.poll_guid;
  if (typeof guid !== "string" || chosen === undefined) return undefined;
  const { option_text: text, option_id: id, event_type: kind } = chosen;
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

/** Finds the questions that a row may answer. Whether the sender may answer is not judged here. */
export async function findAnswer(
  entry: Pick<JournalEntry, "row" | "receivedAt" | "account">,
  store: Pick<Store, "questions" | "journal">,
): Promise<GivenAnswer | undefined> {
  const answer = answerIn(entry);
  if (!answer) return undefined;
  const [first, ...more] = await store.questions.asked(entry.account, answer.where);
  const isNamed = answer.where.guid !== undefined;
  const isFree = answer.where.isFree === true;
  const { given: said, where } = answer;
  const isVote = typeof said !== "string" && "vote" in said;
  const given = isVote ? await namedOption(said, where.guid, entry.account, store) : said;
  return first && { questions: [first, ...more], given, isNamed, isFree };
}
