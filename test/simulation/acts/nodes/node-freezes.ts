import { kind } from "../kind.js";
import { nodeMomentOf } from "./node-moment.js";

/** A gateway's process stands still for a while, often for longer than its lease, and then goes on. */
export const nodeFreezes = kind({
  name: "node freezes",
  weight: 40,
  draw: (random) => ({
    node: random.below(2),
    moment: nodeMomentOf(random),
    forMs: random.chance(0.4) ? random.between(100, 14_000) : random.between(14_000, 70_000),
  }),
  play(stage, { node, moment, forMs }) {
    stage.parts.cluster?.arm(node, moment, () => stage.parts.cluster?.freeze(node, forMs));
  },
});
