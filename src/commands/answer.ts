import { untypedCommands } from "../conversation/index.js";
import { findAnswer, type GivenAnswer, type PollVote } from "../inbound/index.js";
import type { Question, QuestionOption } from "../store/index.js";
import { questionWords } from "../turns/index.js";
import { answerDraft } from "./answer-draft.js";
import type { ChatCommand, CommandContext } from "./contract.js";

/**
 * An answer to a permission request of an agent (behaviour 6.5), or about a draft (18.1): by its number, in reply to it, or as a
 * tapback on it.
 */
export const answerCommand: ChatCommand = {
  name: untypedCommands.answer,
  quick: true,
  who: "owners",
  refusal: questionWords.forOwners,
  async run(context) {
    const { entry, store } = context;
    const found = await findAnswer(entry, store);
    if (!found) return "";
    const [question, ...others] = found.questions;
    return others.length > 0
      ? questionWords.severalOpen(found.questions)
      : answerQuestion(context, question, found);
  },
};

/**
 * Answers a question for an owner: only the first answer to an open question counts.
 * @returns what to say in the chat
 */
export async function answerQuestion(
  context: CommandContext,
  question: Question,
  answer: Omit<GivenAnswer, "questions">,
): Promise<string> {
  const { handle, gateway } = context;
  const { given } = answer;
  if (typeof given !== "string" && !given.added) return questionWords.takenBack(question);
  if (question.kind === "draft") return answerDraft(context, question, answer);
  if (question.state !== "open") return questionWords.tooLate(question);
  const choice = choiceOf(
    question.options,
    typeof given !== "string" && "vote" in given ? given.vote : given,
  );
  if (choice === undefined) return questionWords.notAChoice(question);
  const option = choice === "deny" ? undefined : choice;
  const isFirst = await gateway.answer(question.id, option, handle);
  return isFirst ? questionWords.noted(questionWords.choice(option)) : questionWords.overtaken;
}

/** @returns the option, `deny` where nothing but a refusal fits, undefined when it is no answer */
function choiceOf(
  options: QuestionOption[],
  given: Exclude<GivenAnswer["given"], PollVote>,
): QuestionOption | "deny" | undefined {
  const of = (kind: QuestionOption["kind"]) => options.find((option) => option.kind === kind);
  const deny = () => of("reject_once") ?? "deny";
  if (typeof given !== "string") return given.kind === "like" ? of("allow_once") : deny();
  const text = withoutEndMarks(given.trim().toLowerCase());
  if (/^\d+$/.test(text)) return options[Number(text) - 1];
  const named = options.find(({ name, id }) => [name.toLowerCase(), id.toLowerCase()].includes(text));
  if (named) return named;
  if (["allow", "yes", "y", "ok", "approve"].includes(text)) return of("allow_once");
  if (["always", "allow always"].includes(text)) return of("allow_always");
  return ["deny", "no", "n", "reject"].includes(text) ? deny() : undefined;
}

function withoutEndMarks(text: string): string {
  let end = text.length;
  while (end > 0 && ".)!".includes(text[end - 1]!)) end--;
  return text.slice(0, end);
}
