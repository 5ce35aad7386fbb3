import { ownerNotices } from "../../outbound/index.js";
import type { Draft, HeldDraft, OutboxItem, Store } from "../../store/index.js";
import { partWords } from "./part-words.js";
import { draftWords } from "./text.js";

/** What a draft would send and do, a line or more for each part, in order. */
export async function linesOf(
  parts: readonly OutboxItem[],
  store: Pick<Store, "journal">,
): Promise<string[]> {
  const lines: string[] = [];
  for (const part of parts)
    if (part.state === "held" || part.state === "pending") lines.push(await partWords(part, store));
  return lines;
}

/** Who is asked about a draft: the owner whose turn made it, else every owner of the account. */
export function askedAbout(
  { forOwner }: Pick<Draft, "forOwner">,
  owners: readonly string[],
): readonly string[] {
  return forOwner !== undefined && owners.includes(forOwner) ? [forOwner] : owners;
}

/**
 * The question about a draft, in the own chats of those who are asked.
 * @param lines what it would send and do
 * @param owners of the account, in normal form
 * @param byPoll the choices go as a poll, where the Mac can still do that when they are sent
 */
export function questionAbout(
  draft: Draft,
  lines: readonly string[],
  owners: readonly string[],
  byPoll = false,
): Pick<HeldDraft, "title" | "asked" | "told"> {
  const to = askedAbout(draft, owners);
  const texts = draftWords.asked(draft, lines);
  const title = draftWords.title(draft, lines);
  if (texts.length > 0 && byPoll) {
    const { shown, choices, poll } = draftWords.polled(draft, lines);
    const last = ownerNotices(to, choices).map((item) => ({ ...item, poll }));
    return { title, asked: [...shown.flatMap((text) => ownerNotices(to, text)), ...last] };
  }
  if (texts.length > 0) return { title, asked: texts.flatMap((text) => ownerNotices(to, text)) };
  return { title, asked: [], told: ownerNotices(to, draftWords.tooLong(draft, lines.join("\n").length)) };
}
