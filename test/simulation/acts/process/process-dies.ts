import { kind } from "../kind.js";
import { momentOf } from "./moment.js";

/** The gateway's process dies, and now and then the power is cut; another one begins after a while. */
export const processDies = kind({
  name: "process dies",
  weight: 30,
  draw: (random) => ({
    death: momentOf(random),
    powerLoss: random.chance(0.4),
    downMs: random.between(0, 20_000),
  }),
  play(stage, { death, powerLoss, downMs }) {
    const [lives] = stage.parts.lives.all;
    lives!.arm(death, () => lives!.die(powerLoss, downMs));
  },
});
