import { kind } from "../kind.js";

/** Nothing happens for a while. */
export const quiet = kind({
  name: "quiet",
  weight: 3,
  pauseMs: (random) =>
    random.chance(0.2) ? random.between(60_000, 80 * 60_000) : random.between(10_000, 90_000),
  draw: () => ({}),
  play: () => {},
});
