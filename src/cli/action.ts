import type { Context } from "./context.js";

/** A command's work: returns its exit code, nothing for done; what it throws is told to the person. */
export type Action = (
  context: Context,
  options: Record<string, never>,
  ...words: string[]
) => Promise<number | undefined> | number | undefined;

/** Makes of a work what the library of the command line calls. */
export type Wrap = (action: Action) => (...given: unknown[]) => Promise<void>;
