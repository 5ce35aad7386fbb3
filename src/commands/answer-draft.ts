import { accountDefaults, resolveAccount } from "../config/index.js";
import type { GivenAnswer } from "../inbound/index.js";
import type { Draft, Question } from "../store/index.js";
import { decideDraft, draftWords, questionWords } from "../turns/index.js";
import type { CommandContext } from "./contract.js";

const yes = /^(?:1|yes|y|ok|okay|send|allow|approve|👍)[.)!]?$/iu;
const no = /^(?:2|no|n|drop|deny|reject|👎)[.)!]?$/iu;

/**
 * What an owner says about a draft (behaviour 18.1): a number, yes or no, a like, a dislike or a keycap, or better words in reply to it.
 * @returns what to say in the chat
 */
export async function answerDraft(
  context: CommandContext,
  question: Question,
  { given, isNamed, isFree }: Omit<GivenAnswer, "questions">,
): Promise<string> {
  const draft = await context.store.drafts.get(question.id);
  if (!draft) return draftWords.unknown(question.id);
  if (draft.state === "held" && draft.overtakenAt !== undefined && !isNamed)
    return draftWords.needsName(draft);
  if (typeof given !== "string") {
    const number = "number" in given ? given.number : undefined;
    const sends = number === undefined ? "kind" in given && given.kind === "like" : number === 1;
    return settleDraft(context, draft, { sends });
  }
  if (yes.test(given.trim())) return settleDraft(context, draft, { sends: true });
  if (no.test(given.trim())) return settleDraft(context, draft, { sends: false });
  // What was not written in reply to it was not meant for the person who would read it.
  if (!isFree) return questionWords.notAChoice(question);
  return settleDraft(context, draft, { sends: true, words: given });
}

/** Sends or drops a draft for the owner who asks. @returns what to say in the chat */
export async function settleDraft(
  { store, config, clock, handle }: CommandContext,
  draft: Draft,
  word: { sends: boolean; words?: string },
): Promise<string> {
  const rules = resolveAccount(config, draft.account) ?? accountDefaults;
  return (await decideDraft(store, draft, { ...word, by: handle }, rules, clock.now())).text;
}
