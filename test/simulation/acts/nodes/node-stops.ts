import { kind } from "../kind.js";

/** A gateway is stopped in order, and started again. */
export const nodeStops = kind({
  name: "node stops",
  weight: 8,
  draw: (random) => ({ node: random.below(2), downMs: random.between(0, 40_000) }),
  play: (stage, { node, downMs }) => stage.parts.cluster?.stop(node, downMs),
});
