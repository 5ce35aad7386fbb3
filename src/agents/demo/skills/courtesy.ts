import { nameOf } from "../person.js";
import { type Skill, say } from "../skill.js";

/** Greetings, thanks and farewells; whole messages only, so that two agents do not greet each other for ever. */
export const courtesy: Skill = {
  examples: [],
  answer({ plain }, scene) {
    if (/^(hi|hello|hey|hallo|moin|good (morning|afternoon|evening))( there)?$/.test(plain))
      return say(`Hello ${nameOf(scene)}! I am the demo agent. Write "help" to see what I can do.`);
    if (/^(thanks|thank you|thx|cheers)( a lot| very much)?$/.test(plain)) return say("You are welcome.");
    if (/^(bye|goodbye|good night|see you)$/.test(plain)) return say("Bye! Write again any time.");
    if (/^(how are you|how is it going|how's it going)$/.test(plain))
      return say("All systems running, thank you. What can I do for you?");
    if (plain === "ping") return say("pong");
    return undefined;
  },
};
