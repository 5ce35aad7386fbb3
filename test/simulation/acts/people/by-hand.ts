import { guests } from "../../cast.js";
import { kind } from "../kind.js";

/** The account's human writes by hand, now and then what the gateway said there. */
export const byHand = kind({
  name: "by hand",
  weight: 12,
  draw: (random) => ({ to: random.pick(guests), repeats: random.chance(0.5) }),
  play(stage, { to, repeats }, { id }) {
    const chat = stage.chatWith(to);
    if (chat === undefined) return;
    const text = (repeats && stage.oldWords(to)) || `by hand ${id}`;
    stage.parts.ledger.byHand.add(stage.mac().mac.say({ from: "me", text, chat }).guid);
  },
});
