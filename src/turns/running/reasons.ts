/** Why a turn is cut off: the reason of its signal. */
export const reasons = {
  /** The process ends: the turn is run again. */
  shutdown: Symbol("shutdown"),
  /** Somebody wants it to end, without an answer. */
  cancelled: Symbol("cancelled"),
  /** Somebody else runs it by now. */
  lost: Symbol("lost"),
} as const;

/** Nothing is left of what a turn would answer. */
export const obsolete: unique symbol = Symbol("obsolete");
