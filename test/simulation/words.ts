/** A word of an answer, as it stands in texts: `t1a2b3c4d.0.w3`. */
export interface AnswerWord {
  /** The first characters of the turn's id. */
  turn: string;
  block: number;
  word: number;
}

/**
 * How what an agent says begins, each part of it: an answer, what it writes to somebody else, what it planned for later. Where an
 * owner is told of such a text, or has it in a list, it is not said.
 */
const said = /^(re |t[0-9a-f]{8}\.|reached by t|along t|later \S+$)/;

/** The word of what an agent writes to somebody else. */
export const outside = 999;
/** The block of what is planned for later. */
const laterBlock = 8;

/** The block of what an agent says that reads along. */
export const alongBlock = 7;

/** The word of what a turn plans for later; each run of the turn plans for itself. */
export function later(attempt: number): number {
  return 800 + attempt;
}

/** Later parts of lists that a command answered: a process plays one run at a time. */
const listed = new Set<string>();

/** Takes a text for a part of what a command lists, whatever it begins with. */
export function listing(text: string): void {
  listed.add(text);
}

/** A run begins. */
export function forgetListings(): void {
  listed.clear();
}

/** Words of answers, of all kinds. */
export function wordsOf(text: string): AnswerWord[] {
  if (!said.test(text) || listed.has(text)) return [];
  return [...text.matchAll(/\bt([0-9a-f]{8})\.(\d+)\.w(\d+)\b/g)].map(([, turn, block, word]) => ({
    turn: turn!,
    block: Number(block),
    word: Number(word),
  }));
}

/** Words of what a turn answers itself, which have an order. */
export function repliesIn(text: string): AnswerWord[] {
  return wordsOf(text).filter(
    ({ word, block }) => word !== outside && block !== laterBlock && block !== alongBlock,
  );
}

/** Words of messages: `m17`. */
export function tokensOf(text: string): string[] {
  return text.match(/\bm\d+\b/g) ?? [];
}

/** @returns the question of an agent that a text asks, as {@link questionOf} names it */
export function askedIn(text: string): string | undefined {
  return /^(?:For .+?\. )?(which for t[0-9a-f]{8}\.\d+(?:, in run \d+)?\?)(?:\n|$)/.exec(text)?.[1];
}

/**
 * What an agent asks people.
 * @param name the turn, as words name it
 * @param count how many the turn asked before
 * @param run the first that asks this; the first of all asks it where it is 1
 */
export function questionOf(name: string, count: number, run: number): string {
  return `which for t${name}.${count}${run > 1 ? `, in run ${run}` : ""}?`;
}

/** Whether a text shows an owner a draft, or asks about one (behaviour 18.1). */
export function asksAboutDraft(text: string): boolean {
  return /^(To .+:|Send this to .+\?)/.test(text);
}
