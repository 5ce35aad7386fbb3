import { type TextRules, textParts } from "../../outbound/index.js";
import { crashPoint } from "../../platform/index.js";
import type { Draft, Store } from "../../store/index.js";
import { linesOf, questionAbout } from "./question.js";
import { draftWords } from "./text.js";

/** What an owner says about a draft. */
export interface OwnersWord {
  sends: boolean;
  /** Handle of the owner, or `command line`. */
  by: string;
  /** Better words, as they were written. */
  words?: string | undefined;
}

/**
 * Carries out what an owner says about a draft: the first who decides counts, whoever else does so at the same moment
 * (behaviour 18.1).
 * @param at milliseconds since the epoch
 * @returns what is said to whoever decided, and whether it counted
 */
export async function decideDraft(
  store: Pick<Store, "drafts">,
  draft: Draft,
  { sends, by, words }: OwnersWord,
  rules: TextRules,
  at: number,
): Promise<{ counted: boolean; text: string }> {
  const parts = words === undefined ? undefined : textParts(words, rules);
  const tell = sends
    ? draftWords.toldSent(
        draft,
        parts?.map(({ text }) => text),
      )
    : draftWords.toldDropped(draft);
  const decision = { sends, by, tell, ...(parts && { words: parts }) };
  if (await store.drafts.decide(draft.id, decision, at)) {
    crashPoint("draft.decided");
    return {
      counted: true,
      text: sends ? draftWords.sent(draft, parts !== undefined) : draftWords.dropped(draft),
    };
  }
  return { counted: false, text: draftWords.tooLate((await store.drafts.get(draft.id)) ?? draft) };
}

/**
 * Gives a draft other words, and asks about it anew: what an owner says yes to is what was shown (behaviour 18.1).
 * @param owners of the account, in normal form
 * @returns what is said to whoever gave them
 */
export async function rewordDraft(
  store: Pick<Store, "drafts" | "journal">,
  draft: Draft,
  text: string,
  { rules, owners }: { rules: TextRules; owners: readonly string[] },
  at: number,
): Promise<{ counted: boolean; text: string }> {
  const words = textParts(text, rules);
  // Each in the place of a text, the rest behind all: as the store does it.
  const texts = draft.parts.filter((part) => part.text !== undefined);
  const kept = draft.parts.flatMap((part) => {
    if (part.text === undefined) return [part];
    const said = words[texts.indexOf(part)];
    return said ? [{ ...part, ...said }] : [];
  });
  const added = words
    .slice(texts.length)
    .map((said) => ({ ...draft.parts[0]!, file: undefined, act: undefined, ...said }));
  const lines = await linesOf([...kept, ...added] as Draft["parts"], store);
  const counted = await store.drafts.reword(draft.id, words, questionAbout(draft, lines, owners), at);
  if (counted) return { counted, text: draftWords.reworded(draft) };
  return { counted, text: draftWords.tooLate((await store.drafts.get(draft.id)) ?? draft) };
}
