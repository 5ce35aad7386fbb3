import { guests, owner } from "../../cast.js";
import { kind } from "../kind.js";

/** Somebody writes what would answer a question of an agent: an owner, or somebody whose answer must not count. */
export const answer = kind({
  name: "answer",
  weight: 8,
  draw: (random) => ({
    who: random.chance(0.7) ? owner : random.pick(guests),
    text: random.pick(["1", "2", "yes", "no", "/approve"]),
    mac: random.chance(0.3) ? 1 : 0,
  }),
  play(stage, { who, text, mac }) {
    stage.say(who, text, "command", { mac });
  },
});
