import type { PermissionOption } from "../../agents/index.js";
import { chunkText, showable } from "../../outbound/index.js";
import type { Question } from "../../store/index.js";
import { choiceLine } from "./choices.js";

/** Longest message of a question, UTF-16 code units: it is read on a phone. */
const maxBubble = 3000;
/** Most that is shown of what would be done; more is not asked for, because nobody would read it. */
const maxShown = 24_000;

/** Everything that people read about a permission request of an agent (behaviour 6.5): the question, and what becomes of it. */
export const questionWords = {
  /**
   * The question itself, over several messages where it is long; the choices are in the last.
   * @param details all that would be done, whole
   * @returns none when it is too long to be shown, and so to be approved
   */
  asked({ id, title, options }: Question, details: string): string[] {
    if (details.length > maxShown) return [];
    const lines = options.map((option, index) => `${index + 1}. ${choiceLine(option)}`);
    const isLikeable = options.some(({ kind }) => kind === "allow_once");
    const likes = isLikeable ? ", yes or no, or 👍 to allow it once, 👎 to deny it" : "";
    const how = `Answer with a number${likes}. Or: /approve ${id} <number>`;
    const whole = details === "" ? [] : [showable(details)];
    const question = [`The agent asks: ${title}`, ...whole, ...lines, how].map(showable).join("\n");
    if (question.length <= maxBubble) return [question];
    const parts = chunkText(showable(details), { limit: maxBubble });
    const before = parts.map(
      (part, index) => `What the agent asks for, ${index + 1} of ${parts.length}:\n${part}`,
    );
    return [
      ...before,
      [`The agent asks: ${title}`, "It is all above.", ...lines, how].map(showable).join("\n"),
    ];
  },

  /** Says that a question was too long to be asked: nobody may approve what was not shown. */
  tooLong(title: string, length: number): string {
    return `The agent asked for something that is too long to be shown here (${length} characters), so it was denied: ${showable(title)}`;
  },

  /** To whoever writes on while a question waits. */
  waits(isOwner: boolean): string {
    if (isOwner) return "That waits: the agent goes on when its question is answered (a number, yes or no).";
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

  noneOpen: "Nothing is being asked.",

  unknown(id: string, usage: string): string {
    return `There is no question ${id}. Usage: ${usage}`;
  },

  /** What a choice is called. @param option undefined denies */
  choice(option: PermissionOption | undefined): string {
    return option?.name ?? "Denied";
  },

  noted(choice: string): string {
    return `${choice}: noted.`;
  },

  expired(title: string): string {
    return `Nobody answered in time, so it was denied: ${title}`;
  },

  /** An answer that comes after the first, or after the time is over. */
  tooLate({ state, choice }: Question): string {
    if (state === "answered") return `That was answered already: ${choice}.`;
    if (state === "expired") return "That question has expired: it counts as denied.";
    return "That question is not open any more.";
  },

  /** Somebody else's answer arrived while this one did. */
  overtaken: "That question was settled a moment ago.",

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
