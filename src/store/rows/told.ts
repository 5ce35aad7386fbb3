import { mayBeSameChat } from "../../conversation/index.js";
import type { SqlValue } from "../../platform/index.js";

/**
 * Whether an earlier turn was of the conversation of this one: in another Messages database its number may be somebody else's
 * (behaviour 10.3b).
 * @param row the GUIDs of both chats, `guid` and `own_guid`
 */
export function isOfSameChat({ guid, own_guid }: Record<string, SqlValue>): boolean {
  return mayBeSameChat({ guid: String(guid ?? "") }, { guid: String(own_guid ?? "") });
}

/**
 * What an agent is still to be told. What became of a draft is put behind what was to be told before, perhaps while the turn ran
 * that told that.
 * @param words what a turn left to be told @param told what was told of all turns
 * @returns null where nothing is left
 */
export function stillToTell(words: string, told: readonly string[]): string | null {
  const heard = told.filter((each) => words === each || words.startsWith(`${each}\n`));
  if (heard.length === 0) return words;
  const most = Math.max(...heard.map(({ length }) => length));
  return words.length === most ? null : words.slice(most + 1);
}
