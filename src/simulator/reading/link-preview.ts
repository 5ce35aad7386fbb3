/** Longest time between a text and the preview of its link, milliseconds (protocol reference 9.1). */
export const foldWithinMs = 5000;
