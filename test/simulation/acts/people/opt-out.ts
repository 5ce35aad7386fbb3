import { guests } from "../../cast.js";
import { kind } from "../kind.js";

/** Somebody wants to hear nothing more, or something again. */
export const optOut = kind({
  name: "opt out",
  weight: 6,
  draw: (random) => ({ who: random.pick(guests), text: random.chance(0.4) ? "STOP" : "START" }),
  play(stage, { who, text }) {
    stage.say(who, text, "opt out");
  },
});
