const unitMs: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const words: Record<string, number> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  five: 5,
  ten: 10,
  "a few": 3,
  half: 0.5,
  "half a": 0.5,
  "half an": 0.5,
};

const unit = "(?:s(?:ec(?:ond)?s?)?|m(?:in(?:ute)?s?)?|h(?:(?:ou)?rs?)?|d(?:ays?)?)";
/** A word needs a space behind it: "and" is not "an d", one day. */
const amount = "(?:\\d+(?:\\.\\d+)? ?|(?:half an?|half|a few|an?|one|two|three|five|ten) )";

/** Source of a pattern that finds a duration such as `5 minutes`, `1h 30m`, `an hour and 10 min`; without groups. */
export const durationPattern = `${amount}${unit}(?:(?:,? and |,? )?${amount}${unit})*(?![a-z0-9])`;

const part = new RegExp(`(?<![a-z])(${amount})(${unit})(?![a-z])`, "gi");

/** @param text as {@link durationPattern} found it @returns milliseconds */
export function readDuration(text: string): number {
  let total = 0;
  for (const [, count = "", name = ""] of text.matchAll(part)) {
    const factor = words[count.trim().toLowerCase()] ?? Number(count);
    total += factor * unitMs[name[0]!.toLowerCase()]!;
  }
  return Math.round(total);
}
