/** Waited for between two pieces of a long work that nobody waits for, so that messages go first. @returns false when no more is to be begun */
export type Rest = () => Promise<boolean>;

/** Goes on at once. */
export const noRest: Rest = async () => true;
