/**
 * Takes one step after the other, each whatever became of those before it: for an end, of which the rest has to be given back although
 * something could not be.
 * @throws the first error, after the last step
 */
export async function inTurn(steps: readonly (() => unknown)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}
