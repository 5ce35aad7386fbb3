import { guests } from "../../cast.js";
import { kind } from "../kind.js";

/** Many messages at one moment. */
export const burst = kind({
  name: "burst",
  weight: 3,
  draw: (random) => ({ who: random.pick(guests), count: random.between(24, 40) }),
  messages: ({ count }) => count,
  play(stage, { who, count }) {
    for (let each = 0; each < count; each++) stage.say(who, `m${stage.said} asks plain`, "plain");
  },
});
