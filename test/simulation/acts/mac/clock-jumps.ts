import { kind } from "../kind.js";

/** The time of day of the gateway's machine or of the Macs is set. */
export const clockJumps = kind({
  name: "clock jumps",
  weight: 4,
  draw: (random) => ({
    side: random.chance(0.5) ? ("gateway" as const) : ("mac" as const),
    ms: random.pick([-90_000, -5000, 3000, 70_000, 240_000]),
  }),
  play(stage, { side, ms }) {
    const { ahead, clock, ledger } = stage.parts;
    if (side === "mac") ahead.mac += ms;
    else ahead.gateways[0]! += ms;
    ledger.disturb(clock.now());
  },
});
