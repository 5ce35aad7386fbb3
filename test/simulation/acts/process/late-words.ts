import { kind } from "../kind.js";

/** What an earlier life had still to say reaches the store. */
export const lateWords = kind({
  name: "late words",
  weight: 25,
  draw: () => ({}),
  play: (stage) => stage.parts.lives.lateWords(),
});
