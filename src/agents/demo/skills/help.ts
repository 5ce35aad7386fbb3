import { type Skill, say } from "../skill.js";

/** Lists what can be typed. @param examples what the other skills offer */
export function helpSkill(examples: string[]): Skill {
  const text = [
    "I am Tapback's built-in demo agent: no account, no network, all answers made here. Try:",
    ...examples.map((example) => `- ${example}`),
  ].join("\n");
  const pattern = /^(\?|help( me)?|what can (you|i) (do|say|ask)( here)?|commands|who are you|what are you)$/;
  return { examples: [], answer: ({ plain }) => (pattern.test(plain) ? say(text) : undefined) };
}
