import { type Example, isOffered, type Scene, type Skill, say } from "../skill.js";

/** Lists what can be typed here. @param examples what the other skills offer */
export function helpSkill(examples: Example[]): Skill {
  const pattern = /^(\?|help( me)?|what can (you|i) (do|say|ask)( here)?|commands|who are you|what are you)$/;
  return {
    examples: [],
    answer: ({ plain }, scene) => (pattern.test(plain) ? say(list(examples, scene)) : undefined),
  };
}

function list(examples: Example[], scene: Scene): string {
  const here = examples.flatMap((example) => {
    if (typeof example === "string") return [example];
    return isOffered(scene, example.needs) ? [example.text] : [];
  });
  return [
    "I am Tapback's built-in demo agent: no account, no network, all answers made here. Try:",
    ...here.map((example) => `- ${example}`),
  ].join("\n");
}
