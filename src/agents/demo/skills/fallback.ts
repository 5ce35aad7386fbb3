import { type Skill, say } from "../skill.js";

/** Always the same words: two agents that answer each other then fall silent (see `isOwn`). */
export const fallback: Skill = {
  examples: [],
  answer: ({ raw }) =>
    raw === ""
      ? say("")
      : say('I am only the demo agent and did not understand that. Write "help" to see what I can do.'),
};
