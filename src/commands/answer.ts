import { chatKeyOf, replyTargetOf, untypedCommands } from "../conversation/index.js";
import { findAnswer, type GivenAnswer, type PollVote } from "../inbound/index.js";
import type { Question, QuestionOption } from "../store/index.js";
import { chosenIn, draftWords, notedText, questionWords } from "../turns/index.js";
import { answerDraft } from "./answer-draft.js";
import type { ChatCommand, CommandAnswer, CommandContext, GatewayControls } from "./contract.js";

/**
 * An answer to a permission request of an agent (behaviour 6.5), about a draft (18.1) or to what an agent wants to know (18.2): by
 * its number, in reply to it, as a tapback on it or a vote. Who may give it, the gates said, and the store says it once more.
 */
export const answerCommand: ChatCommand = {
  name: untypedCommands.answer,
  quick: true,
  who: "admitted",
  async run(context) {
    const { entry, store, handle, isOwner } = context;
    const found = await findAnswer(entry, store, { handle, isOwner });
    if (!found) return notFound(context);
    const [question, ...others] = found.questions;
    return others.length > 0
      ? questionWords.severalOpen(found.questions)
      : answerQuestion(context, question, found);
  },
};

/** An owner over a service that is not trusted is told so; words whose question has just ended go to the agent. */
async function notFound({ entry, store, handle, isOwner }: CommandContext): Promise<CommandAnswer> {
  const isForOwners = !isOwner && (await findAnswer(entry, store, { handle, isOwner: true })) !== undefined;
  if (isForOwners) return questionWords.forOwners;
  const { text, tapback, poll } = entry.row;
  return tapback || poll || text.trim() === "" ? "" : { prompt: text };
}

/**
 * Answers a question: only the first answer to an open one counts.
 * @returns what to say in the chat
 */
export async function answerQuestion(
  context: CommandContext,
  question: Question,
  answer: Omit<GivenAnswer, "questions">,
): Promise<string> {
  const { handle, gateway, store, chatKeys } = context;
  const { given } = answer;
  const earlier = question.asShownBefore && (await store.drafts.get(question.id));
  if (earlier && earlier.state === "held") return draftWords.readsOtherwise(earlier);
  if (typeof given !== "string" && "vote" in given) return giveVote(context, question, given);
  if (typeof given !== "string" && !given.added) return questionWords.takenBack(question);
  if (question.kind === "draft") return answerDraft(context, question, answer);
  const outcome = await settleQuestion(question, answer, handle, gateway);
  return outcome.state === "noted"
    ? notedText(store, question, outcome.option, chatKeys)
    : questionWords.refused(question, outcome.state);
}

/** What an answer to an agent's question came to: it counts, came too late, or is none of the choices. Without an option it denies. */
export type AnswerOutcome =
  | { state: "noted"; option: QuestionOption | undefined }
  | { state: "settled" | "overtaken" | "no-choice" };

/**
 * Gives an answer to what an agent asked (behaviour 6.5, 18.2): only the first one to an open question counts.
 * @param by a handle, or what else is kept of who answered
 */
export async function settleQuestion(
  question: Question,
  answer: Pick<GivenAnswer, "given" | "isNamed">,
  by: string,
  gateway: Pick<GatewayControls, "answer">,
): Promise<AnswerOutcome> {
  if (question.state !== "open") return { state: "settled" };
  const choice = chosenIn(question, answer.given) ?? wordsIn(question, answer);
  if (choice === undefined) return { state: "no-choice" };
  const option = choice === "deny" ? undefined : choice;
  return (await gateway.answer(question.id, option, by))
    ? { state: "noted", option }
    : { state: "overtaken" };
}

/** Words that are none of the choices, where the question takes them. */
function wordsIn(
  { kind, words }: Question,
  { given, isNamed }: Pick<GivenAnswer, "given" | "isNamed">,
): QuestionOption | undefined {
  if (kind !== "ask" || typeof given !== "string" || given.trim() === "") return undefined;
  const takesThem = isNamed ? words !== undefined : words === "plain";
  return takesThem ? { id: "", name: given.trim(), kind: "words" } : undefined;
}

/** A vote counts a little later: until then it may be changed. */
async function giveVote(
  { entry, gateway, handle }: CommandContext,
  question: Question,
  given: PollVote,
): Promise<string> {
  if (question.state !== "open")
    return given.added ? questionWords.tooLate(question) : questionWords.takenBack(question);
  const option = given.added ? chosenIn(question, given) : undefined;
  if (given.added && (option === undefined || option === "deny")) return questionWords.notAChoice(question);
  const target = replyTargetOf(entry.row);
  const { guid } = entry.row.chat;
  const chat = { target, chatKey: chatKeyOf(target), ...(guid && { chatGuid: guid }) };
  const vote = { option: option === "deny" ? undefined : option?.id, by: handle, chat };
  return (await gateway.vote(question.id, vote)) ? "" : questionWords.overtaken;
}
