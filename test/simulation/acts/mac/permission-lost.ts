import { kind } from "../kind.js";

/** imsg may not read the database for a while, so long now and then that an owner has to know. */
export const permissionLost = kind({
  name: "permission lost",
  weight: 5,
  draw: (random) => ({ mac: random.chance(0.3) ? 1 : 0, forMs: random.between(1000, 240_000) }),
  play(stage, { mac: at, forMs }) {
    const { mac, imsg } = stage.mac(at);
    mac.fault({ kind: "permission-denied", times: 10_000 });
    imsg.children[0]?.signal("SIGKILL");
    stage.parts.clock.after(forMs, () => mac.clearFaults("permission-denied"));
  },
});
