import { normalizeHandle, type TapbackEvent } from "../conversation/index.js";
import type { Question, QuestionOption } from "../store/index.js";
import type { ChatCommand, CommandContext } from "./contract.js";

const usage = "/approve <id> <number>";

/** `/approve`: an owner answers a permission request of an agent (behaviour 6.5). */
export const approveCommand: ChatCommand = {
  name: "approve",
  usage,
  summary: "answer what an agent asks to be allowed",
  ownerOnly: true,
  async run(context) {
    const { store, entry, words, chatKeys } = context;
    const [first = "", ...rest] = words.split(/\s+/).filter(Boolean);
    const open = store.questions.open(entry.account, chatKeys);
    if (first === "") return open.length === 0 ? "Nothing is being asked." : open.map(lineOf).join("\n");
    const named = store.questions.get(first.toLowerCase());
    if (named && named.account === entry.account) return answerQuestion(context, named, rest.join(" "));
    if (open.length === 1) return answerQuestion(context, open[0]!, [first, ...rest].join(" "));
    return `There is no question ${first}. Usage: ${usage}`;
  },
};

/** What a person did to answer a question: wrote something, or reacted to it. */
export type AnswerGiven = string | Pick<TapbackEvent, "kind" | "added">;

/**
 * Answers a question, by whoever says so: only an owner's first answer to an open question counts.
 * @returns what to say in the chat
 */
export async function answerQuestion(
  { isOwner, entry, gateway }: Pick<CommandContext, "isOwner" | "entry" | "gateway">,
  question: Question,
  given: AnswerGiven,
): Promise<string> {
  if (!isOwner) return "Only an owner may answer this, over iMessage.";
  const taken = typeof given !== "string" && !given.added;
  if (question.state !== "open")
    return taken ? `Taking a tapback back changes nothing. ${pastOf(question)}` : pastOf(question);
  if (taken) return "A tapback that is taken back answers nothing. The question is still open.";
  const choice = choiceOf(question.options, given);
  if (choice === undefined) return `Answer with a number from 1 to ${question.options.length}.`;
  const by = normalizeHandle(entry.row.sender);
  const option = choice === "deny" ? undefined : choice;
  if (await gateway.answer(question.id, option, by)) return `${option?.name ?? "Denied"}: noted.`;
  return "That question was settled a moment ago.";
}

/** @returns the option, `deny` where nothing but a refusal fits, undefined when it is no answer */
function choiceOf(options: QuestionOption[], given: AnswerGiven): QuestionOption | "deny" | undefined {
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

function pastOf({ state, choice }: Question): string {
  if (state === "answered") return `That was answered already: ${choice}.`;
  if (state === "expired") return "That question has expired: it counts as denied.";
  return "That question is not open any more.";
}

function lineOf({ id, title, options }: Question): string {
  return `${id}: ${title} (${options.map(({ name }, index) => `${index + 1} ${name}`).join(", ")})`;
}
