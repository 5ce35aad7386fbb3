/** Something that must never be is so. */
export class Violation extends Error {
  constructor(
    readonly invariant: string,
    readonly what: string,
  ) {
    super(`${invariant}: ${what}`);
  }
}

/** What was wrong in a run, and after which step. */
export interface Violated extends Pick<Violation, "invariant" | "what"> {
  step: number;
}
