import { keepName } from "../memory.js";
import { nameOf } from "../person.js";
import { type Skill, say } from "../skill.js";

const given = /^(?:my name is|call me|you can call me) ([\p{L}\p{M}][\p{L}\p{M}\p{N}'’. -]{0,59}?)[.!]*$/iu;

/** Keeps the name that a person gives himself. */
export const name: Skill = {
  examples: ["my name is Mia", "what is my name?"],
  answer({ raw, plain }, scene) {
    const told = given.exec(raw)?.[1]?.trim();
    if (told !== undefined) {
      keepName(scene.memory, scene.turn.envelope.sender.handle, told);
      return say(`Nice to meet you, ${told}.`);
    }
    if (/^what('s| is) my name$|^do you know my name$/.test(plain))
      return say(`You are ${nameOf(scene)}. Tell me "my name is …" to change that.`);
    if (/^what('s| is) your name$/.test(plain)) return say("I am the demo agent of Tapback.");
    return undefined;
  },
};
