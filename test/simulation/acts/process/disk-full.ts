import { kind } from "../kind.js";

/** Nothing more fits on the disk, for a while. */
export const diskFull = kind({
  name: "disk full",
  weight: 4,
  draw: (random) => ({ forMs: random.between(100, 60_000) }),
  play(stage, { forMs }) {
    const { clock, disk, ledger } = stage.parts;
    ledger.disturb(clock.now(), forMs);
    disk.fill(forMs);
  },
});
