import { groups, guests, readAlong } from "../../cast.js";
import { kind } from "../kind.js";

/** Many messages at one moment, from one person, or in the group that is read along. */
export const burst = kind({
  name: "burst",
  weight: 4,
  draw: (random) => ({
    ...(random.chance(0.4)
      ? { who: random.pick(groups[readAlong]!), group: readAlong }
      : { who: random.pick(guests), group: undefined }),
    count: random.between(24, 40),
  }),
  messages: ({ count }) => count,
  play(stage, { who, group, count }) {
    for (let each = 0; each < count; each++) stage.say(who, `m${stage.said} asks plain`, "plain", { group });
  },
});
