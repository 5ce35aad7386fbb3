import type { Manner } from "./manner.js";

/** Three words. */
export const plain: Manner = { name: "plain", weight: 100 };
/** Many bubbles. */
export const long: Manner = { name: "long", weight: 16, act: () => ({ words: 40 }) };
/** Several blocks, one after the other. */
export const blocks: Manner = { name: "blocks", weight: 10, act: () => ({ blocks: 3 }) };
/** Nothing. */
export const silent: Manner = { name: "silent", weight: 5, act: () => ({ isSilent: true }) };
