import { guests } from "../../cast.js";
import { kind } from "../kind.js";

/** Somebody writes what the gateway said to them a while ago. */
export const quote = kind({
  name: "quote",
  weight: 10,
  messages: () => 1,
  draw: (random) => ({ who: random.pick(guests) }),
  play(stage, { who }) {
    const old = stage.oldWords(who);
    if (old) stage.say(who, old, "quote");
  },
});
