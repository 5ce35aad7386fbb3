import { count } from "../person.js";
import { type Skill, say } from "../skill.js";

const maxCount = 200;
const asksMessages = /^how many messages(?: .*)?$|^message count$/;

/** Counts up, down, and the messages of the session. */
export const counting: Skill = {
  examples: ["count to 12", "how many messages so far?"],
  answer({ plain }, { memory }) {
    if (asksMessages.test(plain))
      return say(`${count(memory.messages, "message")} in this session so far, this one included.`);
    const found = /^(?:please )?count (?:from (\d{1,9}) )?(down )?(?:to|from) (\d{1,9})$/.exec(plain);
    if (!found) return undefined;
    const last = Number(found[3]);
    const down =
      found[2] !== undefined || (plain.includes("count from") === false && / from \d+$/.test(plain));
    const [from, to] = down ? [last, Number(found[1] ?? 1)] : [Number(found[1] ?? 1), last];
    const steps = Math.abs(to - from) + 1;
    if (steps > maxCount) return say(`That is too far for me: I count at most ${maxCount} numbers.`);
    const direction = Math.sign(to - from);
    return say(Array.from({ length: steps }, (_, index) => from + direction * index).join(", "));
  },
};
