// Mutants that change nothing that anybody could see, each with the reason. They are not tried.

/** `{ file, original, replacement, why }` */
export const equivalents = [];
