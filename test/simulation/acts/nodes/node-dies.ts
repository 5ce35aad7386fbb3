import { kind } from "../kind.js";
import { nodeMomentOf } from "./node-moment.js";

/** A gateway's process dies; another one begins on its folder after a while, or on a machine that knows nothing of it. */
export const nodeDies = kind({
  name: "node dies",
  weight: 45,
  draw: (random) => ({
    node: random.below(2),
    death: nodeMomentOf(random),
    downMs: random.chance(0.7) ? random.between(0, 10_000) : random.between(10_000, 60_000),
    isForgotten: random.chance(0.4),
  }),
  play(stage, { node, death, downMs, isForgotten }) {
    stage.parts.cluster?.arm(node, death, () => stage.parts.cluster?.die(node, downMs, isForgotten));
  },
});
