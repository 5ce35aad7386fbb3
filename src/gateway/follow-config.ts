import { type Config, type ConfigWatch, formatProblem, watchConfig } from "../config/index.js";
import { adviceOf, type Clock, type Log, TapbackError } from "../platform/index.js";

/** What a change of the configuration's file comes to. */
export interface FollowConfigDeps {
  clock: Clock;
  log: Log;
  env: Record<string, string | undefined>;
  apply: (config: Config) => Promise<void>;
}

/**
 * Takes a change in step by step. One that fails is told, and leaves out none behind it: the file counts as taken in, and nothing
 * looks at it again.
 * @param signal aborted where nothing more is to be begun
 */
export async function takeIn(
  steps: readonly (() => unknown)[],
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  for (const step of steps) {
    if (signal.aborted) return;
    try {
      await step();
    } catch (error) {
      tellLeftOut(log, error);
    }
  }
}

function tellLeftOut(log: Log, error: unknown): void {
  const { code } = error instanceof TapbackError ? error : { code: "FAILED" };
  log.error(`the changed configuration could not be taken in whole: ${adviceOf(error)}`, { code });
}

/** A valid change of the file holds from the next message; an invalid one is told once and changes nothing (behaviour 2.3). */
export function followConfig(
  file: { path: string; source: string | undefined },
  { clock, log, env, apply }: FollowConfigDeps,
): ConfigWatch {
  return watchConfig({
    ...file,
    clock,
    env,
    listener: {
      async edited(edit) {
        if (edit.ok) return apply(edit.value.config);
        log.error("the changed configuration is invalid; the last good one stays in use");
        for (const problem of edit.error.errors) log.error(formatProblem(file.path, problem));
      },
      failed: (error) => tellLeftOut(log, error),
    },
  });
}
