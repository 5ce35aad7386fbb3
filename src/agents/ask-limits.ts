/** Longest time that an agent's question may wait, seconds (behaviour 18.2). */
export const maxAskSeconds = 3600;
