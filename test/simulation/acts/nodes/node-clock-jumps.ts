import { kind } from "../kind.js";

/** The time of day of one gateway's machine is set. */
export const nodeClockJumps = kind({
  name: "node clock jumps",
  weight: 3,
  draw: (random) => ({ node: random.below(2), ms: random.pick([-90_000, -5000, 3000, 70_000, 240_000]) }),
  countedAs: () => "clock jumps",
  play(stage, { node, ms }) {
    const { ahead, cluster } = stage.parts;
    if (cluster === undefined) return;
    ahead.gateways[node]! += ms;
    cluster.jumped(node);
  },
});
