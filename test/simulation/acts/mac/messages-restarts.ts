import { kind } from "../kind.js";

/** Messages ends, and is there again after a while. */
export const messagesRestarts = kind({
  name: "messages restarts",
  weight: 6,
  draw: (random) => ({
    mac: random.chance(0.3) ? 1 : 0,
    downMs: random.between(100, random.chance(0.3) ? 400_000 : 60_000),
  }),
  play(stage, drawn) {
    const { mac } = stage.mac(drawn.mac);
    mac.messagesDies();
    stage.parts.clock.after(drawn.downMs, () => mac.set({ bridge: true }));
  },
});
