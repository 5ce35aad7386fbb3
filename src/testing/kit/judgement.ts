/** What is said of a world, held against what it saw. */
export interface Judgement {
  /** Whether it is so. */
  holds: boolean;
  /** What is said, as the end of a sentence: `to have received “Hello”`. */
  said: string;
  /** What is so instead, or as well; lines for a person. */
  but: string;
  /** The transcript and the stories behind it. Asked for by a failure alone. */
  seen(): string;
}

/** What a failure prints. @param isNegated it was said that it is not so */
export function failureText(who: string, { said, but, seen }: Judgement, isNegated: boolean): string {
  return [`expected ${who}${isNegated ? " not" : ""} ${said}`, ...(but === "" ? [] : [but]), "", seen()].join(
    "\n",
  );
}
