import type { Skill } from "../skill.js";

/** Says again what it is given. */
export const echo: Skill = {
  examples: ["echo hello world"],
  answer({ raw }) {
    const words = /^(?:echo|say|repeat)(?: after me)?:? (.+)$/is.exec(raw)?.[1];
    return words === undefined ? undefined : { text: words, borrowed: true };
  },
};
