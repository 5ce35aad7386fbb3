import { kind } from "../kind.js";
import { momentOf } from "../process/moment.js";

/** A gateway's process stands still for a while, often for longer than its lease, and then goes on. */
export const nodeFreezes = kind({
  name: "node freezes",
  weight: 20,
  draw: (random) => ({
    node: random.below(2),
    moment: momentOf(random),
    isAfter: random.chance(0.5),
    forMs: random.chance(0.4) ? random.between(100, 14_000) : random.between(14_000, 70_000),
  }),
  play(stage, { node, moment, isAfter, forMs }) {
    stage.parts.cluster?.arm(node, { ...moment, ...(moment.when === "statement" && { isAfter }) }, () =>
      stage.parts.cluster?.freeze(node, forMs),
    );
  },
});
