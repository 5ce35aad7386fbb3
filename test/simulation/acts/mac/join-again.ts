import { placeOf } from "../../numbers.js";
import { kind } from "../kind.js";

/** A message is joined to its chat again. */
export const joinAgain = kind({
  name: "join again",
  weight: 3,
  draw: (random) => ({ back: random.below(8) }),
  play(stage, { back }) {
    const said = stage.earlier(back);
    if (said && said.group === undefined) stage.macOf(said).joinAgain(said.guid, placeOf(said.chatId).id);
  },
});
