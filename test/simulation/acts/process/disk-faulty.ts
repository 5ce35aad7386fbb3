import { kind } from "../kind.js";

/** The disk fails now and then, for a while. */
export const diskFaulty = kind({
  name: "disk faulty",
  weight: 6,
  draw: (random) => ({ forMs: random.between(100, 20_000), chance: random.pick([0.01, 0.05, 0.3]) }),
  play(stage, { forMs, chance }) {
    const { clock, disk, ledger } = stage.parts;
    ledger.disturb(clock.now(), forMs);
    disk.beFaulty(forMs, chance);
  },
});
