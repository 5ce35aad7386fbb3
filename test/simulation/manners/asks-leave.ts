import type { Manner } from "./manner.js";

/** It asks an owner whether it may do something, and waits for the answer. */
export const asksLeave: Manner = {
  name: "asks-leave",
  weight: 3,
  act: ({ turn, name }) => ({ question: `${name}-${turn.attempt}` }),
};
