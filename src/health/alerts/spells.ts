import { addressesLostMs, type Trouble } from "./trouble.js";

/**
 * A look that finds something broken counts for it, one that finds it whole counts half against it: what breaks for a moment is
 * not told, what breaks again and again is. Looks are counted and not time, so that a machine that slept is given its minute.
 */
const counts = { broken: 2, whole: -1 };
/** Six looks in a row begin a spell, twelve end it. */
const most = 12;

/** One trouble from its first sight to its end. */
export interface Spell {
  trouble: Trouble;
  /** When it was first seen, milliseconds since the epoch. */
  since: number;
  score: number;
  /** `due` words have not been handed over for sure; `told` ones have. */
  phase: "seen" | "begin-due" | "told" | "end-due";
}

/** The same trouble of the same account is one, whatever its words are. */
export function keyOf({ kind, account = "" }: Pick<Trouble, "kind" | "account">): string {
  return `${kind} ${account}`;
}

/**
 * Goes on with what is broken, look by look; pure.
 * @param now milliseconds since the epoch
 * @param accounts those that are served: what is another's ends without a word
 * @param unknown keys of what nobody knows now: a spell that was told neither ends nor goes on by it
 * @returns the spells that go on, those whose begin or end is due to be told among them
 */
export function lookAgain(
  spells: readonly Spell[],
  troubles: readonly Trouble[],
  accounts: ReadonlySet<string>,
  now: number,
  unknown: ReadonlySet<string> = new Set(),
): Spell[] {
  const found = new Map(troubles.map((trouble) => [keyOf(trouble), trouble]));
  const known = new Set(spells.map(({ trouble }) => keyOf(trouble)));
  const fresh = troubles
    .filter((trouble) => !known.has(keyOf(trouble)))
    .map((trouble): Spell => ({ trouble, since: now, score: 0, phase: "seen" }));
  return [...spells, ...fresh]
    .filter(({ trouble: { account } }) => account === undefined || accounts.has(account))
    .map((spell) => {
      const trouble = found.get(keyOf(spell.trouble));
      return !trouble && isOpen(spell, now, unknown) ? spell : next(spell, trouble);
    })
    .filter(({ phase, score }) => phase !== "seen" || score > 0);
}

function isOpen({ phase, trouble, since }: Spell, now: number, unknown: ReadonlySet<string>): boolean {
  return phase !== "seen" && (unknown.has(keyOf(trouble)) || now < untilOf(trouble, since));
}

function next(spell: Spell, now: Trouble | undefined): Spell {
  const count = now ? counts.broken : counts.whole;
  const score = Math.max(0, Math.min(most, spell.score + count));
  const { phase } = spell;
  // What is told at the end is what it was told to be.
  const told = phase === "seen" && now ? now : spell.trouble;
  const trouble = now?.until === undefined ? told : { ...told, until: now.until };
  if (phase === "seen" && score >= most) return { ...spell, trouble, score, phase: "begin-due" };
  if (phase === "told" && score === 0) return { ...spell, score, phase: "end-due" };
  return { ...spell, trouble, score };
}

/** What was told before it was kept until when it counts. */
function untilOf({ kind, until }: Trouble, since: number): number {
  return until ?? (kind === "addresses" ? since + addressesLostMs : 0);
}
