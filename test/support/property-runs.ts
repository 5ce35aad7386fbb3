/**
 * How many cases a long property tries: some of them in `npm test`, the same ones each time; all of them, and others each
 * time, in `npm run test:faults`.
 * @param all the full number
 * @param some a fifth when absent
 */
export function runsOf(all: number, some = Math.ceil(all / 5)): { numRuns: number; seed?: number } {
  return process.env.TAPBACK_ALL_CASES ? { numRuns: all } : { numRuns: some, seed: 1 };
}
