import { guests } from "../../cast.js";
import { kind } from "../kind.js";

/** By then every message is in its chat, milliseconds. */
const joinedMs = 5000;

/** A message gets a tapback, from its own writer. */
export const tapback = kind({
  name: "tapback",
  weight: 15,
  draw: (random) => ({
    who: random.pick(guests),
    back: random.below(8),
    kind: random.pick(["love", "like", "question"]),
  }),
  play(stage, { back, kind: mark }) {
    const said = stage.earlier(back);
    // One whose chat is not known yet nobody sees.
    if (said && said.at < stage.parts.clock.now() - joinedMs)
      stage.macOf(said).tapback(said.who, said.guid, mark);
  },
});
