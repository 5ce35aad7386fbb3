/**
 * How many cases a long property tries: a fifth of them in `npm test`, the same ones each time; all of them, and others
 * each time, in `npm run test:faults`.
 * @param all the full number
 */
export function runsOf(all: number): { numRuns: number; seed?: number } {
  return process.env.TAPBACK_ALL_CASES ? { numRuns: all } : { numRuns: Math.ceil(all / 5), seed: 1 };
}
