import { mention } from "../../cast.js";
import { kind } from "../kind.js";

/** A message is corrected by its writer. */
export const edit = kind({
  name: "edit",
  weight: 20,
  draw: (random) => ({ back: random.below(8) }),
  play(stage, { back }) {
    const said = stage.earlier(back);
    // A copy of a message says what that said when it was copied.
    if (said === undefined || said.touched) return;
    said.touched = true;
    if (said.asks !== "plain") return;
    const words = `${said.token} asks plain, better`;
    stage.macOf(said).edit(said.guid, said.mentions ? `${words} ${mention}` : words);
  },
});
