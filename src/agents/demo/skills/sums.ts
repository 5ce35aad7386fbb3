import { calculate, formatNumber } from "../expression.js";
import { type Skill, say } from "../skill.js";

const asked = /^(?:what(?:'s| is)|how much is|calculate|compute|work out) (.+?)(?: ?=)?$/;
const isSum = /^[\d\s.,+\-*/^()%×÷−x=]*(?:\d%\s*of\s[\d\s.,+\-*/^()%×÷−x=]+)?$/;
const hasOperator = /[\d).%]\s*(?:[-+*/^×÷−x]|of\b)|%|\d\s*\*\*/;
/** Dates and phone numbers (`2026-05-09`, `555-0100`) are not subtractions. */
const hyphenated = /^\+?\d+(?:[-/.]\d+)+$/;

/** Simple sums. */
export const sums: Skill = {
  examples: ["what is 15% of 80?", "(2 + 3) * 4"],
  answer({ plain }) {
    const wanted = asked.exec(plain)?.[1];
    const text = (wanted ?? plain).replace(/\s*=\s*$/, "");
    if (!isSum.test(text) || !/\d/.test(text) || !hasOperator.test(text)) return undefined;
    if (wanted === undefined && hyphenated.test(text) && text.length >= 8) return undefined;
    const result = calculate(text);
    return say(result.ok ? `${text.trim()} = ${formatNumber(result.value)}` : result.error);
  },
};
