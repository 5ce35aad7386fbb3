import { kind } from "../kind.js";

/** A child of the gateway is killed. */
export const childDies = kind({
  name: "child dies",
  weight: 12,
  draw: (random) => ({ mac: random.chance(0.3) ? 1 : 0 }),
  play(stage, { mac }) {
    stage.mac(mac).imsg.children[0]?.signal("SIGKILL");
  },
});
