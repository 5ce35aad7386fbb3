import type { Manner } from "./manner.js";

/** It takes its time. */
export const slow: Manner = {
  name: "slow",
  weight: 14,
  async act({ clock, random, signal }) {
    await clock.sleep(random.between(500, 20_000), signal);
    return undefined;
  },
};

/** It never answers. */
export const hangs: Manner = { name: "hangs", weight: 1, act: () => new Promise(() => {}) };

/** It cannot answer. */
export const fails: Manner = {
  name: "fails",
  weight: 4,
  act({ name }) {
    throw new Error(`it cannot answer ${name}`);
  },
};
