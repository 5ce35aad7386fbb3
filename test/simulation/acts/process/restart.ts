import { kind } from "../kind.js";

/** The gateway is stopped in order, and started again. */
export const restart = kind({
  name: "restart",
  weight: 4,
  draw: (random) => ({ downMs: random.between(0, 30_000) }),
  play: (stage, { downMs }) => stage.parts.lives.stop(downMs),
});
