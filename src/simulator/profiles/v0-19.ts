import { message, type Profile, part, target } from "./profile.js";
import { v0_15 } from "./v0-15.js";

/**
 * imsg 0.19.0 (protocol reference 25). Nobody has seen its list: it is that of 0.15.10, with `emoji` of `tapback` as a
 * parameter of its own. What is guessed beside that is named in `docs/simulator.md`.
 */
export const v0_19_0: Profile = {
  ...v0_15,
  version: "0.19.0",
  methods: {
    ...v0_15.methods,
    tapback: [...target, message, "reaction|kind", "emoji", "remove", part],
  },
  selectors: { ...v0_15.selectors, emojiTapbackSend: true },
};

/** imsg 0.19.1, which has the same list. */
export const v0_19: Profile = { ...v0_19_0, version: "0.19.1" };
