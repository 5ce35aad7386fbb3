import { kind } from "../kind.js";

/** A message is taken back by its writer. */
export const unsend = kind({
  name: "unsend",
  weight: 10,
  draw: (random) => ({ back: random.below(8) }),
  play(stage, { back }) {
    const said = stage.earlier(back);
    if (said === undefined) return;
    said.unsent = true;
    stage.macOf(said).unsend(said.guid);
  },
});
