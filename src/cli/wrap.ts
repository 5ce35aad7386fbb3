import type { Context } from "./context.js";

/** A command's work: returns its exit code, nothing for done; what it throws is told to the person. */
export type Action = (
  context: Context,
  options: Record<string, never>,
  ...words: string[]
) => Promise<number | undefined> | number | undefined;

/** Makes commander's handler of a command's work. */
export type Wrap = (action: Action) => (...given: unknown[]) => Promise<void>;
