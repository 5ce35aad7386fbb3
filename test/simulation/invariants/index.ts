import { byHand } from "./by-hand.js";
import type { Invariant } from "./invariant.js";
import { nobodyUninvited } from "./nobody-uninvited.js";
import { nothingLost } from "./nothing-lost.js";
import { onceAndInOrder } from "./once-and-in-order.js";
import { sendsExplained } from "./sends-explained.js";
import { withinAuthority } from "./within-authority.js";

/** Everything that has to be so, new for each run. A later feature adds its own line. */
export const invariants = (): Invariant[] => [
  onceAndInOrder(),
  nobodyUninvited(),
  withinAuthority(),
  nothingLost(),
  sendsExplained(),
  byHand(),
];
