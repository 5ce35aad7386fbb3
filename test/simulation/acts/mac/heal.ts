import { kind } from "../kind.js";

/** What goes wrong on the Macs ends. */
export const heal = kind({
  name: "heal mac",
  weight: 30,
  draw: () => ({}),
  play(stage) {
    for (const { mac } of stage.parts.world.macs) mac.clearFaults();
  },
});
