declare const __CRASH_POINTS__: boolean;

/**
 * A waiting time of the product that a test build may shorten through the environment, so that hundreds of faults can be
 * played in minutes. Release builds have the look-up compiled out.
 * @param name the variable, e.g. `TAPBACK_TEST_GRACE_MS`
 */
export function testNumber(name: string, otherwise: number): number {
  if (!__CRASH_POINTS__) return otherwise;
  const given = process.env[name];
  return given === undefined ? otherwise : Number(given);
}
