import { guests } from "../../cast.js";
import { kind } from "../kind.js";

/** Somebody asks for the same as an earlier message. */
export const sayAgain = kind({
  name: "say again",
  weight: 10,
  messages: () => 1,
  draw: (random) => ({ who: random.pick(guests), back: random.below(8) }),
  play(stage, { who, back }) {
    const said = stage.earlier(back);
    if (said) stage.say(who, `m${stage.said} asks ${said.asks}`, said.asks);
  },
});
