/** The few looks of the demo. */
export type Look = "mine" | "theirs" | "faint" | "strong" | "good" | "bad" | "key";

export interface Paint {
  (look: Look, text: string): string;
  /** Whether bubbles have a ground of their own. */
  readonly colours: boolean;
}

/** Both colours of a bubble are set, so that it reads the same on a dark and on a light terminal. */
const rich: Record<Look, string> = {
  mine: "48;5;26;38;5;231",
  theirs: "48;5;238;38;5;255",
  faint: "2",
  strong: "1",
  good: "32",
  bad: "31",
  key: "7",
};
const sixteen: Record<Look, string> = { ...rich, mine: "44;97", theirs: "100;97" };
/** NO_COLOR asks for no colours; weight and reverse are none (no-color.org). */
const plain: Partial<Record<Look, string>> = { faint: "2", strong: "1", key: "7" };

/** @param depth bits of colour that the terminal shows; 0 or 1 for none */
export function paintFor(depth: number): Paint {
  const codes: Partial<Record<Look, string>> = depth >= 8 ? rich : depth >= 4 ? sixteen : plain;
  const paint = (look: Look, text: string) =>
    codes[look] === undefined ? text : `\u001b[${codes[look]}m${text}\u001b[0m`;
  return Object.assign(paint, { colours: codes !== plain });
}
