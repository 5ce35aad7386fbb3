import { cutText } from "../../conversation/index.js";
import { chunkText, showable } from "../../outbound/index.js";
import type { Question, QuestionKind, QuestionOption } from "../../store/index.js";
import { choiceLine, maxTitle } from "./choices.js";

/** Longest message of a question, UTF-16 code units: it is read on a phone. */
const maxBubble = 3000;
/** Most that is shown of what would be done; more is not asked for, because nobody would read it. */
const maxShown = 24_000;

/** Everything that people read about a permission request of an agent (behaviour 6.5): the question, and what becomes of it. */
export const questionWords = {
  /**
   * The question itself, over several messages where it is long; the choices are in the last.
   * @param details all that would be done, whole
   * @param isApart the choices stand in a message of their own, in whose place a poll may go
   */
  asked(question: Question, details: string, isApart = false): string[] {
    const { id, options } = question;
    const lines = numbered(options);
    const isLikeable = options.some(({ kind }) => kind === "allow_once");
    const likes = isLikeable ? ", yes or no, or 👍 to allow it once, 👎 to deny it" : "";
    const how = `Answer with a number${likes}. Or: /approve ${id} <number>`;
    const asks = questionWords.asksFor(question);
    const whole = [asks, ...(details === "" ? [] : [details])].map(showable).join("\n");
    const choices = [...lines, how].map(showable).join("\n");
    if (whole.length + choices.length < maxBubble)
      return isApart ? [whole, `${showable(asks)}\n${choices}`] : [`${whole}\n${choices}`];
    const parts = chunkText(showable(details), { limit: maxBubble });
    const before = parts.map(
      (part, index) => `What the agent asks for, ${index + 1} of ${parts.length}:\n${part}`,
    );
    return [...before, `${showable(asks)}\nIt is all above.\n${choices}`];
  },

  /** Whether nobody could read all that would be done, and so approve it. */
  isTooLong(details: string): boolean {
    return details.length > maxShown;
  },

  /** What a permission request is called. */
  asksFor({ title }: Pick<Question, "title">): string {
    return `The agent asks: ${title}`;
  },

  /**
   * What an agent wants to know (behaviour 18.2).
   * @param isApart the choices stand in a message of their own, in whose place a poll may go
   */
  wanted(
    { id, title, options, words, answerers }: Omit<Question, "state">,
    question: string,
    isApart: boolean,
  ): string[] {
    const free =
      words === undefined
        ? ""
        : words === "plain"
          ? ", or in your own words"
          : ", or reply to this in your own words";
    const named = answerers === undefined ? ` Or: /approve ${id} <number>` : "";
    const how = `Answer with a number, also as a tapback (1️⃣)${free}.${named}`;
    const choices = [...numbered(options), how].map(showable).join("\n");
    return isApart ? [question, `${title}\n${choices}`] : [`${question}\n${choices}`];
  },

  /** Says that a question was too long to be asked: nobody may approve what was not shown. */
  tooLong(title: string, length: number): string {
    return `The agent asked for something that is too long to be shown here (${length} characters), so it was denied: ${showable(title)}`;
  },

  /** To whoever writes on while a question waits. */
  waits(isAsked: boolean, kind: QuestionKind): string {
    if (isAsked)
      return `That waits: the agent goes on when its question is answered (a number${kind === "ask" ? "" : ", yes or no"}).`;
    return "One moment: I am waiting for an answer before I can go on.";
  },

  /** The question in another chat than the one that it is about. @param where its group or person */
  askedElsewhere(where: string, asked: string): string {
    return `For ${where}. ${asked}`;
  },

  /** The question in a list of those that are open. */
  listed({ id, title, options }: Question): string {
    return `${id}: ${title} (${options.map((option, index) => `${index + 1} ${choiceLine(option)}`).join(", ")})`;
  },

  /** An answer that does not say which of several questions it is for. */
  severalOpen(open: Question[]): string {
    const how = `${open.length} questions are open, so say which: /approve <id> <number>, or reply to the question.`;
    return [how, ...open.map(questionWords.listed)].join("\n");
  },

  /** One line that names an agent's question. */
  pollTitle(question: string): string {
    return showable(cutText(question.replace(/\s+/g, " ").trim(), maxTitle));
  },

  noneOpen: "Nothing is being asked.",

  unknown(id: string, usage: string): string {
    return `There is no question ${id}. Usage: ${usage}`;
  },

  /** What a choice is called. @param option undefined denies */
  choice(option: QuestionOption | undefined): string {
    return option?.name ?? "Denied";
  },

  noted(choice: string): string {
    return `${choice}: noted.`;
  },

  expired(title: string): string {
    return `Nobody answered in time, so it was denied: ${title}`;
  },

  /** To whoever answers in another chat than they were asked in: what became of it is not for everybody there. */
  saidElsewhere: "That goes to the question in the chat where it was asked.",

  /** An answer that comes after the first, or after the time is over. */
  tooLate({ state, choice, kind }: Question): string {
    if (state === "answered") return `That was answered already: ${choice}.`;
    if (state === "expired")
      return `That question has expired${kind === "ask" ? "" : ": it counts as denied"}.`;
    return "That question is not open any more.";
  },

  /** Somebody else's answer arrived while this one did. */
  overtaken: "That question was settled a moment ago.",

  /** Why an answer to a question does not count. */
  refused(question: Question, why: "settled" | "overtaken" | "no-choice"): string {
    if (why === "settled") return questionWords.tooLate(question);
    return why === "overtaken" ? questionWords.overtaken : questionWords.notAChoice(question);
  },

  notAChoice({ options }: Question): string {
    return `Answer with a number from 1 to ${options.length}.`;
  },

  /** A tapback that is taken back. */
  takenBack(question: Question): string {
    if (question.state === "open")
      return "A tapback that is taken back answers nothing. The question is still open.";
    return `Taking a tapback back changes nothing. ${questionWords.tooLate(question)}`;
  },

  /** An answer of somebody who is no owner, or not over a trusted service. */
  forOwners: "Only an owner may answer this, over iMessage.",
};

function numbered(options: readonly QuestionOption[]): string[] {
  return options.map((option, index) => `${index + 1}. ${choiceLine(option)}`);
}
