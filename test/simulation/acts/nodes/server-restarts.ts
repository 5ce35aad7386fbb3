import { kind } from "../kind.js";

/** The server is started anew: all connections end, and what was not committed is undone. */
export const serverRestarts = kind({
  name: "server restarts",
  weight: 6,
  draw: (random) => ({
    forMs: random.chance(0.8) ? random.between(50, 8000) : random.between(8000, 40_000),
  }),
  play: (stage, { forMs }) => stage.parts.cluster?.restartServer(forMs),
});
