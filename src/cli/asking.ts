/** The person broke off, with Ctrl-C: the command ends there, and with exit code 130 (behaviour 17.1). It is no answer. */
export class Interrupted extends Error {
  constructor() {
    super("interrupted");
  }
}

/**
 * What was answered to a question of `@clack/prompts`, which tells a Ctrl-C by a symbol.
 * @throws {@link Interrupted}
 */
export function answered<T>(given: T | symbol): Exclude<T, symbol> {
  if (typeof given === "symbol") throw new Interrupted();
  return given as Exclude<T, symbol>;
}
