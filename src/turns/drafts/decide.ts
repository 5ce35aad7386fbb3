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

/** What came of an owner's word. */
export type Decided = { text: string } & (
  | { counted: true }
  /** Why it did not count. */
  | { counted: false; code: "DRAFT_SETTLED" | "DRAFT_WORDLESS" }
);

/**
 * Carries out what an owner says about a draft: the first who decides counts, whoever else does so at the same moment
 * (behaviour 18.1).
 * @param at milliseconds since the epoch
 * @returns what is said to whoever decided, and whether it counted: not where nothing of the words is left to be read
 */
export async function decideDraft(
  store: Pick<Store, "drafts">,
  draft: Draft,
  { sends, by, words }: OwnersWord,
  rules: TextRules,
  at: number,
): Promise<Decided> {
  const parts = words === undefined ? undefined : textParts(words, rules);
  // What would be sent then is nothing, or not what was written.
  if (parts?.length === 0) return wordless(draft);
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
  return tooLate(store, draft);
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
): Promise<Decided> {
  const words = textParts(text, rules);
  if (words.length === 0) return wordless(draft);
  // Each in the place of a text that still waits, the rest behind all: as the store does it.
  const parts = draft.parts.filter(({ state }) => state === "held");
  const texts = parts.filter((part) => part.text !== undefined);
  const kept = parts.flatMap((part) => {
    if (part.text === undefined) return [part];
    const said = words[texts.indexOf(part)];
    return said ? [{ ...part, ...said }] : [];
  });
  const added = words
    .slice(texts.length)
    .map((said) => ({ ...draft.parts[0]!, state: "held", file: undefined, act: undefined, ...said }));
  const lines = await linesOf([...kept, ...added] as Draft["parts"], store);
  const counted = await store.drafts.reword(draft.id, words, questionAbout(draft, lines, owners), at);
  return counted ? { counted, text: draftWords.reworded(draft) } : tooLate(store, draft);
}

function wordless(draft: Draft): Decided {
  return { counted: false, code: "DRAFT_WORDLESS", text: draftWords.wordless(draft) };
}

async function tooLate(store: Pick<Store, "drafts">, draft: Draft): Promise<Decided> {
  const now = (await store.drafts.get(draft.id)) ?? draft;
  return { counted: false, code: "DRAFT_SETTLED", text: draftWords.tooLate(now) };
}
